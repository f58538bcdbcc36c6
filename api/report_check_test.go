package api_test

import (
	"archive/zip"
	"bytes"
	"io"
	"log/slog"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"sipas/api"
	"sipas/internal/report"
	"sipas/internal/staff"
	"sipas/survey"
)

// sealedOffice is a busy office in July: June is sealed.
func sealedOffice(t *testing.T) (o *office, segments *survey.Segments) {
	t.Helper()
	o = busyOffice(t)
	o.now = time.Date(2026, 7, 15, 5, 0, 0, 0, time.UTC)
	segments = survey.NewSegments(o.survey.Questionnaire)
	chain := survey.NewChain(o.survey, segments, func() time.Time { return o.now }, slog.New(slog.DiscardHandler), nil)
	if err := chain.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := chain.Seal(t.Context()); err != nil {
		t.Fatal(err)
	}
	return o, segments
}

func (o *office) reporter(segments *survey.Segments) *api.Reporter {
	o.t.Helper()
	r, err := api.NewReporter(o.survey, segments, o.cases, o.files, o.tasks, func() time.Time { return o.now }, false)
	if err != nil {
		o.t.Fatal(err)
	}
	return r
}

var june = report.Question{From: "2026-06-01", To: "2026-06-30", With: "before", Lang: "vi", Cases: true}

func written(t *testing.T, r *api.Reporter, format string, q report.Question) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := r.Write(t.Context(), &b, format, q); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// rezipped changes a part of a Word or Excel file.
func rezipped(t *testing.T, file []byte, name, old, changed string) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w, done := zip.NewWriter(&out), false
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		part, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if f.Name == name && bytes.Contains(part, []byte(old)) {
			part, done = bytes.Replace(part, []byte(old), []byte(changed), 1), true
		}
		to, err := w.Create(f.Name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := to.Write(part); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil || !done {
		t.Fatalf("%s has no %s (%v)", name, old, err)
	}
	return out.Bytes()
}

// TestCheckedReports: one that nobody touched agrees, in each format, also after
// more answers have come; what is no figure may be edited.
func TestCheckedReports(t *testing.T) {
	o, segments := sealedOffice(t)
	r := o.reporter(segments)
	files := map[string][]byte{}
	for _, format := range api.ReportFormats {
		files[format] = written(t, r, format, june)
	}
	files["edited.docx"] = rezipped(t, files["docx"], "word/document.xml", "Kính gửi: …………………………", "Kính gửi: UBND tỉnh số 1")
	for later := range 2 {
		for name, file := range files {
			c, err := r.Check(t.Context(), file)
			if err != nil || c.Difference != nil || !c.Record.Sealed || c.Then != 81 || c.Now != 81+int64(later) {
				t.Errorf("%s, %d answers later: %+v %+v, %v", name, later, c, c.Difference, err)
			}
		}
		late := survey.Response{ID: "late-paper-form", Questionnaire: "dich-vu", QuestionnaireVersion: 1, Area: "dat-dai", AnsweredOn: "2026-06-30", ReceivedAt: o.now, Overall: 1, Answers: []survey.Answer{{Criterion: "15", Rating: 1}}, Channel: survey.ChannelPaper}
		segments.Add(&late)
	}
	for format := range reportKinds { // the new answer is in a new report, which says that it is not sealed
		c, err := r.Check(t.Context(), written(t, r, format, june))
		if err != nil || c.Difference != nil || c.Record.Sealed || c.Then != 82 {
			t.Errorf("%s: %+v %v", format, c, err)
		}
	}
}

var reportKinds = map[string]bool{"docx": true, "xlsx": true, "pdf": true}

// TestChangedFigureIsFound wherever somebody changes it.
func TestChangedFigureIsFound(t *testing.T) {
	o, segments := sealedOffice(t)
	r := o.reporter(segments)
	word, excel, pdf := written(t, r, "docx", june), written(t, r, "xlsx", june), written(t, r, "pdf", june)
	book := func(change func(f *excelize.File) error) []byte {
		f, err := excelize.OpenReader(bytes.NewReader(excel))
		if err != nil {
			t.Fatal(err)
		}
		if err := change(f); err != nil {
			t.Fatal(err)
		}
		b, err := f.WriteToBuffer()
		if err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	if c, err := r.Check(t.Context(), book(func(f *excelize.File) error { return f.SetCellValue("Nhiệm vụ", "B2", "Bố trí thêm ghế") })); err != nil || c.Difference != nil {
		t.Errorf("a task was written into it: %+v %v", c.Difference, err)
	}
	for name, tt := range map[string]struct {
		file []byte
		want string
		why  report.Why
	}{
		"a cell in Word":       {rezipped(t, word, "word/document.xml", ">67,57<", ">87,57<"), "areas/xay-dung/rate", report.Shown},
		"a verdict in Word":    {rezipped(t, word, "word/document.xml", ">Chưa đạt chỉ tiêu<", ">Đạt chỉ tiêu<"), "areas/xay-dung/verdict", report.Shown},
		"a name in Word":       {rezipped(t, word, "word/document.xml", ">Xây dựng<", ">Đất<"), "areas/xay-dung/name", report.Shown},
		"a sentence in Word":   {rezipped(t, word, "word/document.xml", "Số phiếu trả lời trong kỳ: 81", "Số phiếu trả lời trong kỳ: 810"), "text", report.Gone},
		"the record in Word":   {rezipped(t, word, "customXml/item1.xml", "67.5675", "87.5675"), "areas/xay-dung/rate", report.Recorded},
		"the seal on the page": {rezipped(t, word, "word/footer1.xml", "14/07/2026", "13/07/2026"), "text", report.Gone},
		"a cell in Excel":      {book(func(f *excelize.File) error { return f.SetCellValue("Lĩnh vực", "C3", 87.57) }), "areas/xay-dung/rate", report.Shown},
		"a row in Excel":       {book(func(f *excelize.File) error { return f.RemoveRow("Lĩnh vực", 3) }), "areas/xay-dung/name", report.Shown},
		"a sheet in Excel":     {book(func(f *excelize.File) error { return f.DeleteSheet("Yếu tố") }), "factors", report.Gone},
		"a line more":          {book(func(f *excelize.File) error { return f.SetCellValue("Lĩnh vực", "A20", "Khác") }), "areas", report.Added},
		"the PDF":              {append(bytes.Clone(pdf), "\n%%EOF"...), "text", report.Rewrote},
	} {
		c, err := r.Check(t.Context(), tt.file)
		if err != nil || c.Difference == nil || c.Difference.Name != tt.want || c.Difference.Why != tt.why {
			t.Errorf("%s: %+v, %v; want %s %s", name, c.Difference, err, tt.want, tt.why)
		}
	}
	if c, err := r.Check(t.Context(), append(bytes.Clone(pdf), "\n1 0 obj << /Type /Sig /ByteRange [0 1 2 3] >>"...)); err != nil || c.Difference != nil || !c.Signed {
		t.Errorf("a signed PDF: %+v %v", c.Difference, err)
	}
	for name, file := range map[string][]byte{
		"another seal": rezipped(t, word, "customXml/item1.xml", `&#34;seal&#34;:&#34;`, `&#34;seal&#34;:&#34;0`), "no record": rezipped(t, word, "customXml/item1.xml", "figures", "x"),
		"no report": []byte("PK"), "a text": []byte("tỷ lệ 99 %"), "another method": rezipped(t, word, "customXml/item1.xml", "sipas-pooled@1", "sipas-pooled@2"),
	} {
		if c, err := r.Check(t.Context(), file); err == nil && c.Difference == nil {
			t.Errorf("%s passes", name)
		}
	}
}

// TestChangedDataIsFound: where the stored figures are others now, the first one is
// named.
func TestChangedDataIsFound(t *testing.T) {
	o, segments := sealedOffice(t)
	r := o.reporter(segments)
	file := written(t, r, "docx", june)
	d, err := o.files.Get(t.Context(), "H50-2")
	if err != nil {
		t.Fatal(err)
	}
	apologised, err := d.Apologise("2026-06-20", "2026-06-26", "2026-07-15")
	if err != nil {
		t.Fatal(err)
	}
	if err := o.files.Replace(t.Context(), apologised); err != nil {
		t.Fatal(err)
	}
	c, err := r.Check(t.Context(), file)
	if err != nil || c.Difference == nil || c.Difference.Name != "dossiers/dat-dai/unapologised" || c.Difference.File != "1" || c.Difference.Now != "0" {
		t.Errorf("%+v %v", c.Difference, err)
	}
}

// TestReportFromTheServerIsChecked: what the console gives is what the command
// checks, in English too.
func TestReportFromTheServerIsChecked(t *testing.T) {
	o, segments := sealedOffice(t)
	for _, query := range []string{"?from=2026-06-01&to=2026-06-30&lang=en", "", "?area=dat-dai&by=criterion&by=channel&with=none"} {
		for _, role := range []staff.Role{staff.Admin, staff.Leader} {
			for format := range reportKinds {
				c, err := o.reporter(segments).Check(t.Context(), o.taken(role, format, query))
				if err != nil || c.Difference != nil {
					t.Errorf("%s %s: %+v %v", format, query, c.Difference, err)
				}
			}
		}
	}
}
