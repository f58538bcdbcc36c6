package api

import (
	"errors"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/go-playground/validator/v10"

	"sipas/internal/fault"
)

// shapes checks the validator tags of request types. What a value means is
// checked by the domain; both speak in fault.Fields.
var shapes = newShapes()

func newShapes() *validator.Validate {
	v := validator.New(validator.WithRequiredStructEnabled())
	v.RegisterTagNameFunc(func(f reflect.StructField) string { return f.Tag.Get("json") })
	// Keys become ids, so they are of the letters that every engine orders alike.
	err := v.RegisterValidation("keychars", func(fl validator.FieldLevel) bool {
		return strings.Trim(fl.Field().String(), "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") == ""
	})
	if err != nil {
		panic(err) // a broken tag name, found by the first test
	}
	return v
}

// checkShape adds what the tags of request find fault with.
func checkShape(request any, bad *fault.Fields) {
	var errs validator.ValidationErrors
	if !errors.As(shapes.Struct(request), &errs) {
		return
	}
	for _, e := range errs {
		if named(*bad, e.Field()) {
			continue // of the wrong type, which says more than "required"
		}
		switch e.Tag() {
		case "required":
			bad.Add(e.Field(), "required")
		case "oneof":
			bad.Add(e.Field(), "choice", strings.ReplaceAll(e.Param(), " ", ", "))
		case "keychars":
			bad.Add(e.Field(), "characters", "A-Z a-z 0-9 - _")
		case "max", "min":
			n, _ := strconv.Atoi(e.Param())
			bad.Add(e.Field(), map[string]string{"max": "too_long", "min": "too_short"}[e.Tag()], n)
		}
	}
}

// named reports whether something is wrong with the field already.
func named(bad fault.Fields, field string) bool {
	return slices.ContainsFunc(bad, func(f fault.Field) bool { return f.Name == field })
}

// join adds the fields that err names to bad. Any other error is returned.
func join(bad *fault.Fields, err error) error {
	var f *fault.Error
	if errors.As(err, &f) && f.Kind == fault.Invalid {
		for _, field := range f.Fields {
			if !slices.ContainsFunc(*bad, func(b fault.Field) bool { return b.Name == field.Name }) {
				*bad = append(*bad, field)
			}
		}
		return nil
	}
	return err
}
