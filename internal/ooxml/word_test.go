package ooxml_test

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strings"
	"testing"

	"sipas/internal/ooxml"
)

func written(t testing.TB, d *ooxml.Document) map[string]string {
	t.Helper()
	var b bytes.Buffer
	n, err := d.WriteTo(&b)
	if err != nil || n != int64(b.Len()) {
		t.Fatalf("%d of %d bytes, %v", n, b.Len(), err)
	}
	z, err := zip.NewReader(bytes.NewReader(b.Bytes()), n)
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		parts[f.Name] = string(text)
	}
	return parts
}

// wellFormed reads a part to its end and returns the text in it.
func wellFormed(t testing.TB, name, part string) (text string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(part))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return text
		}
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if chars, ok := token.(xml.CharData); ok {
			text += string(chars)
		}
	}
}

func example() *ooxml.Document {
	d := &ooxml.Document{Title: "Thư <trả lời> & khác", Foot: []string{"Tính lúc <8> & 9"}, Data: `{"a": "<1>"}`}
	d.Add(ooxml.Text(ooxml.Center, ooxml.Run{Text: "CỘNG HÒA", Bold: true, Size: 13}), ooxml.Paragraph{FirstLine: 10, Runs: []ooxml.Run{{Text: "một\nhai\tba"}}})
	d.AddTable(ooxml.Table{Widths: []int{1, 2}, Borders: true, HeadRows: 1, Rows: [][]ooxml.Cell{
		{{ooxml.Text(ooxml.Left, ooxml.Run{Text: "A"})}, {}}, {{}, {ooxml.Text(ooxml.Right, ooxml.Run{Text: "1,5"})}},
	}})
	return d
}

// TestParts: every part is there, is XML, and is what the others say it is;
// nothing outside the file is referred to.
func TestParts(t *testing.T) {
	parts := written(t, example())
	var types struct {
		Override []struct {
			PartName string `xml:",attr"`
		}
	}
	if err := xml.Unmarshal([]byte(parts["[Content_Types].xml"]), &types); err != nil {
		t.Fatal(err)
	}
	if len(types.Override) != 6 {
		t.Errorf("%d types", len(types.Override))
	}
	for _, o := range types.Override {
		if parts[strings.TrimPrefix(o.PartName, "/")] == "" {
			t.Errorf("%s is not there", o.PartName)
		}
	}
	for name, part := range parts {
		wellFormed(t, name, part)
		if !strings.HasSuffix(name, ".rels") {
			continue
		}
		var rels struct {
			Relationship []struct {
				Target     string `xml:",attr"`
				TargetMode string `xml:",attr"`
			}
		}
		if err := xml.Unmarshal([]byte(part), &rels); err != nil {
			t.Fatal(err)
		}
		for _, r := range rels.Relationship {
			target := path.Join(path.Dir(path.Dir(name)), r.Target)
			if r.TargetMode != "" || parts[target] == "" {
				t.Errorf("%s leads to %s", name, target)
			}
		}
	}
}

func TestSameBytesEveryTime(t *testing.T) {
	var a, b bytes.Buffer
	for _, w := range []*bytes.Buffer{&a, &b} {
		if _, err := example().WriteTo(w); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("two files of one document differ")
	}
}

func TestTextIsText(t *testing.T) {
	for _, s := range []string{
		"<b>đậm</b> & “ngoặc”", "]]><w:p/>", "=HYPERLINK(\"http://x\")", "a\x00b\x1bc\uffff", "\xff\xfe", strings.Repeat("ữ", 1000),
	} {
		d := &ooxml.Document{Title: s}
		d.Add(ooxml.Text(ooxml.Left, ooxml.Run{Text: s}))
		want := strings.Map(func(r rune) rune {
			if r < ' ' || r >= 0xfffe && r <= 0xffff {
				return -1
			}
			return r
		}, strings.ToValidUTF8(s, ""))
		parts := written(t, d)
		if got := wellFormed(t, "document", parts["word/document.xml"]); !strings.Contains(got, want) {
			t.Errorf("%q became %q", s, got)
		}
		if strings.Count(parts["word/document.xml"], "<w:p>") != 1 {
			t.Errorf("%q made a paragraph", s)
		}
	}
}

func FuzzRun(f *testing.F) {
	f.Add("xin chào\n\t<")
	f.Fuzz(func(t *testing.T, s string) {
		d := &ooxml.Document{Title: s}
		d.Add(ooxml.Text(ooxml.Left, ooxml.Run{Text: s}))
		for name, part := range written(t, d) {
			wellFormed(t, name, part)
		}
	})
}

// TestReadBack: what was written is read, also where somebody has tracked a
// change, and a table in a table is no table.
func TestReadBack(t *testing.T) {
	var b bytes.Buffer
	if _, err := example().WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	c, err := ooxml.Read(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if c.Data != `{"a": "<1>"}` || !strings.Contains(c.Text, "một hai ba\n") || !strings.Contains(c.Text, "Tính lúc <8> & 9") {
		t.Errorf("%+v", c)
	}
	if len(c.Tables) != 1 || len(c.Tables[0]) != 2 || c.Tables[0][0][0] != "A" || c.Tables[0][1][1] != "1,5" {
		t.Errorf("%q", c.Tables)
	}
	for _, broken := range [][]byte{nil, []byte("PK"), b.Bytes()[:b.Len()/2]} {
		if _, err := ooxml.Read(broken); !errors.Is(err, ooxml.ErrNotWord) {
			t.Errorf("%d bytes: %v", len(broken), err)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(`<w:tbl><w:tr><w:tc><w:p><w:r><w:t>1</w:t></w:r></w:p></w:tc></w:tr></w:tbl>`)
	f.Add(`<w:tc/></w:tbl><w:tr><w:tbl><w:tc><w:tbl></w:tc>`)
	f.Fuzz(func(t *testing.T, body string) {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		for _, name := range []string{"word/document.xml", "customXml/item1.xml"} {
			w, err := z.Create(name)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := io.WriteString(w, `<x xmlns:w="w">`+body); err != nil {
				t.Fatal(err)
			}
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		_, _ = ooxml.Read(b.Bytes()) // whatever it says, it comes back
	})
}
