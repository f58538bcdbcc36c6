package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"sipas/internal/dossier"
	"sipas/internal/fault"
)

// importedView says what became of a list.
type importedView struct {
	Created       int            `json:"created"`
	Updated       int            `json:"updated"`
	Unchanged     int            `json:"unchanged"`
	Rejected      []rejectedView `json:"rejected"`
	RejectedCount int            `json:"rejectedCount"`
}

type rejectedView struct {
	Row    int            `json:"row"`
	Errors []problemField `json:"errors"`
}

// importDossiers takes a list in: JSON, or a file of CSV or Excel, alone or as
// the field "file" of a form.
func (s *Server) importDossiers(c echo.Context) error {
	done, err := s.reading(c)
	if err != nil {
		return err
	}
	defer done()
	src, has, kind, err := s.readDossiers(c)
	if err != nil {
		return err
	}
	var out dossier.Outcome
	err = s.audited(c, "dossier.import", "dossiers", []string{"as=" + kind}, func() error {
		out, err = s.dossiers.Import(c.Request().Context(), src, has)
		return err
	})
	if err != nil {
		return err
	}
	return writeJSON(c, http.StatusOK, s.viewImported(language(c), out))
}

func (s *Server) viewImported(lang string, out dossier.Outcome) importedView {
	v := importedView{Created: out.Created, Updated: out.Updated, Unchanged: out.Unchanged, RejectedCount: out.RejectedCount, Rejected: []rejectedView{}}
	for _, r := range out.Rejected {
		row := rejectedView{Row: r.Row}
		for _, f := range r.Errors {
			row.Errors = append(row.Errors, problemField{Field: f.Name, Code: f.Code, Message: s.fieldMessage(lang, f)})
		}
		v.Rejected = append(v.Rejected, row)
	}
	return v
}

// readDossiers reads the list of a request, whichever way it came.
func (s *Server) readDossiers(c echo.Context) (dossier.Source, dossier.Columns, string, error) {
	kind, _, _ := mime.ParseMediaType(c.Request().Header.Get(echo.HeaderContentType))
	if kind == echo.MIMEMultipartForm {
		_, content, err := readUploadOf(c, dossier.MaxFile+maxBody, dossier.MaxFile, "file")
		if errors.Is(err, errTooLarge) {
			err = errListTooLarge
		}
		if err != nil {
			return nil, nil, "", err
		}
		return s.readDossierFile(c, content["file"])
	}
	body, err := io.ReadAll(http.MaxBytesReader(c.Response(), c.Request().Body, dossier.MaxFile))
	switch {
	case isTooLarge(err):
		return nil, nil, "", errListTooLarge
	case err != nil:
		return nil, nil, "", errBadForm.Because(err)
	case kind == echo.MIMEApplicationJSON:
		src, has, err := s.readDossierItems(body)
		return src, has, "json", err
	}
	return s.readDossierFile(c, body)
}

func (s *Server) readDossierFile(c echo.Context, file []byte) (dossier.Source, dossier.Columns, string, error) {
	l, err := s.openList(c.Request().Context(), file)
	if err != nil {
		return nil, nil, "", err
	}
	src, has := s.source(l)
	return src, has, "file", nil
}

// readDossierItems reads a JSON list, or an object with the list as "items".
func (s *Server) readDossierItems(body []byte) (dossier.Source, dossier.Columns, error) {
	has := dossier.Columns{}
	items := func(yield func(dossier.Item) error) error { return eachItem(body, yield) }
	err := items(func(item dossier.Item) error {
		for c := range item.Values {
			has[c] = true
		}
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	return dossier.FromItems(items, has, s.survey.Catalogue(), s.today()), has, nil
}

// eachItem reads the dossiers of a JSON list one after the other. Members that
// are not read, a name among them, are passed over.
func eachItem(body []byte, yield func(dossier.Item) error) error {
	d := json.NewDecoder(bytes.NewReader(body))
	if begin, err := d.Token(); err != nil || begin != json.Delim('[') {
		return errBadJSON.Because(errors.New("a list is expected"))
	}
	for d.More() {
		var members map[string]json.RawMessage
		var wrongType *json.UnmarshalTypeError
		item := dossier.Item{Values: map[dossier.Column]string{}}
		err := d.Decode(&members)
		switch {
		case errors.As(err, &wrongType):
			item.Bad.Add("", "type_object")
		case err != nil:
			return errBadJSON.Because(err)
		}
		readItem(&item, members)
		if err := yield(item); err != nil {
			return err
		}
	}
	if _, err := d.Token(); err != nil {
		return errBadJSON.Because(err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errBadJSON.Because(errors.New("something follows the list"))
	}
	return nil
}

func readItem(item *dossier.Item, members map[string]json.RawMessage) {
	for _, name := range sortedKeys(members) {
		column := dossier.Column(name)
		if !slices.Contains(dossier.AllColumns, column) {
			continue
		}
		var text *string
		if err := json.Unmarshal(members[name], &text); err != nil {
			item.Bad.Add(name, "type_text")
			continue
		}
		if item.Values[column] = ""; text != nil {
			item.Values[column] = strings.Join(strings.Fields(*text), " ")
		}
	}
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// stageRequest is what may be said of a slip.
type stageRequest struct{ Stage string }

// dossierSurvey makes the one-time code of a dossier.
func (s *Server) dossierSurvey(c echo.Context) error {
	body, err := readBody(c)
	if err != nil {
		return err
	}
	var bad fault.Fields
	var r stageRequest
	if len(bytes.TrimSpace(body)) > 0 {
		o, err := readObject(body, &bad)
		if err != nil {
			return err
		}
		o.only("stage")
		r.Stage = o.text("stage")
	}
	if err := bad.Err(); err != nil {
		return err
	}
	_, link, err := s.issueCode(c, c.Param("code"), r.Stage, "")
	if err != nil {
		return err
	}
	q, err := s.linkCode(link)
	if err != nil {
		return err
	}
	return writeJSON(c, http.StatusCreated, struct {
		URL  string `json:"url"`
		Code string `json:"code"`
		QR   string `json:"qr"`
	}{s.publicURL("/k/" + link.Code), link.Code, dataURL(qrSVG(q.Bitmap()))})
}
