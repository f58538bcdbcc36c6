package feedback_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sipas/feedback"
)

func TestCleanPhone(t *testing.T) {
	for typed, want := range map[string]string{
		"0905 123 456": "0905123456", "0905.123.456": "0905123456", "+84 905 123 456": "0905123456", "84905123456": "0905123456",
		"0084 905123456": "0905123456", "+84 (0)905-123-456": "0905123456", " 0233 3852 123 ": "02333852123", "+84233 3852 123": "02333852123",
		"+66 81 234 5678": "66812345678", "84 123 456": "84123456", "08 4123 4567": "0841234567",
		"": "", "905": "", "hoa@example.vn": "", "0905 123 456 và 0906": "", "+": "", "++84905123456": "", strings.Repeat("1 ", 200): "",
	} {
		if got, ok := feedback.CleanPhone(typed); got != want || ok != (want != "") {
			t.Errorf("%q is %q, %t", typed, got, ok)
		}
	}
}

// FuzzCleanPhone: the form is digits and nothing else, and is its own form.
func FuzzCleanPhone(f *testing.F) {
	f.Add("+84 (0)905-123-456")
	f.Fuzz(func(t *testing.T, typed string) {
		got, ok := feedback.CleanPhone(typed)
		if strings.Trim(got, "0123456789") != "" || ok != (got != "") {
			t.Errorf("%q is %q, %t", typed, got, ok)
		}
	})
}

// TestFindByPhone: the whole number, in any spelling, finds the cases whose contact
// the officer may see, before and after the keys are changed, and nobody else's.
func TestFindByPhone(t *testing.T) {
	o := openSite(t)
	petition := o.add(t, keyed(feedback.Petition, 1))
	complaint := o.add(t, keyed(feedback.Complaint, 2))
	secret := o.add(t, keyed(feedback.Denunciation, 3))
	other := keyed(feedback.Petition, 4)
	other.Contact.Phone = "0905 123 457"
	o.add(t, other)
	anonymous := keyed(feedback.Petition, 5)
	anonymous.Anonymous = true
	o.add(t, anonymous)

	number, _ := feedback.CleanPhone("+84 905 123 456")
	found := func(who feedback.Officer, kind feedback.Kind) []string {
		codes := o.list(t, who, feedback.Filter{Phone: number, Kind: kind})
		slices.Sort(codes)
		return codes
	}
	check := func(when string) {
		t.Helper()
		both := []string{petition.Case.Code, complaint.Case.Code}
		slices.Sort(both)
		for _, tt := range []struct {
			who  feedback.Officer
			kind feedback.Kind
			want []string
		}{
			{desk, "", []string{petition.Case.Code}}, {inspection, "", both}, {inspection, feedback.Denunciation, []string{secret.Case.Code}},
			{desk, feedback.Denunciation, nil}, {office, "", nil}, {leader, "", nil}, {unit, "", nil}, {admin, "", nil},
		} {
			if got := found(tt.who, tt.kind); !slices.Equal(got, tt.want) {
				t.Errorf("%s, the %s %q finds %v, not %v", when, tt.who.Role, tt.kind, got, tt.want)
			}
		}
	}
	check("at first")
	for _, part := range []string{"0905", "123 456", "090512345"} {
		if got := o.list(t, inspection, feedback.Filter{Phone: part}); got != nil {
			t.Errorf("a part of the number finds %v", got)
		}
	}
	if got := o.list(t, inspection, feedback.Filter{Words: "0905 123 456"}); got != nil {
		t.Errorf("the number as words finds %v", got)
	}
	o.keys = append(o.keys, feedback.NewKey())
	o.UseKeys(o.ring(t))
	check("with a second key")
	if _, err := o.Reseal(t.Context(), noon, func(feedback.Resealed) error { return nil }); err != nil {
		t.Fatal(err)
	}
	o.keys = o.keys[1:]
	o.UseKeys(o.ring(t))
	check("with the second key alone")

	o.UseKeys(nil)
	if _, _, err := o.List(t.Context(), inspection, feedback.Filter{Phone: number}, 10, ""); !errors.Is(err, feedback.ErrNoKey) {
		t.Errorf("without keys: %v", err)
	}
	// Nowhere on disk does the number stand.
	files, _ := filepath.Glob(o.file + "*")
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, spelling := range []string{"0905 123 456", "0905123456", "905123456"} {
			if strings.Contains(string(b), spelling) {
				t.Errorf("%s has the number", filepath.Base(file))
			}
		}
	}
}
