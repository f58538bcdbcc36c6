package ooxml

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Content is what is read in a Word file, whoever wrote it last.
type Content struct {
	Tables [][][]string // the cells of the rows of each table that stands in no other
	Text   string       // all paragraphs, a line each, those at the foot of pages too
	Data   string       // see Document.Data; "": none
}

// maxPart bounds what a part may unpack to.
const maxPart = 32 << 20

// ErrNotWord says that the file cannot be read as a Word file.
var ErrNotWord = errors.New("not a Word file")

// Read reads a Word file.
func Read(file []byte) (c Content, err error) {
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		return c, fmt.Errorf("%w: %w", ErrNotWord, err)
	}
	found := false
	for _, f := range z.File {
		switch {
		case f.Name == "word/document.xml":
			found = true
			err = readPart(f, c.readText)
		case strings.HasPrefix(f.Name, "word/footer"):
			err = readPart(f, c.readText)
		case strings.HasPrefix(f.Name, "customXml/item"):
			err = readPart(f, c.readData)
		}
		if err != nil {
			return c, fmt.Errorf("%w: %s: %w", ErrNotWord, f.Name, err)
		}
	}
	if !found {
		return c, ErrNotWord
	}
	return c, nil
}

func readPart(f *zip.File, read func(*xml.Decoder) error) error {
	r, err := f.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	limited := &io.LimitedReader{R: r, N: maxPart + 1}
	err = read(xml.NewDecoder(limited))
	if limited.N <= 0 {
		return errors.New("too large")
	}
	return err
}

// readText adds the text and the tables of a part. What was deleted while changes
// were tracked is not read.
func (c *Content) readText(d *xml.Decoder) error {
	var text, cell strings.Builder
	depth, inText, inCell := 0, false, false
	defer func() { c.Text += text.String() }()
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		write := func(s string) {
			text.WriteString(s)
			if inCell {
				cell.WriteString(s)
			}
		}
		switch t := token.(type) {
		case xml.StartElement:
			switch t.Name.Local {
			case "tbl":
				if depth++; depth == 1 {
					c.Tables = append(c.Tables, nil)
				}
			case "tr":
				if depth == 1 {
					last := len(c.Tables) - 1
					c.Tables[last] = append(c.Tables[last], nil)
				}
			case "tc":
				if depth == 1 {
					inCell = true
					cell.Reset()
				}
			case "t":
				inText = true
			case "tab", "br", "cr":
				write(" ")
			}
		case xml.EndElement:
			switch t.Name.Local {
			case "tbl":
				depth--
			case "tc":
				if depth == 1 && inCell {
					inCell = false
					c.addCell(cell.String())
				}
			case "t":
				inText = false
			case "p":
				write("\n")
			}
		case xml.CharData:
			if inText {
				write(string(t))
			}
		}
	}
}

// addCell adds a cell to the last row; one without a row is passed over.
func (c *Content) addCell(text string) {
	table := c.Tables[len(c.Tables)-1]
	if len(table) > 0 {
		row := &table[len(table)-1]
		*row = append(*row, strings.TrimSpace(text))
	}
}

// readData takes the part over if it is ours.
func (c *Content) readData(d *xml.Decoder) error {
	var item struct {
		XMLName xml.Name
		Text    string `xml:",chardata"`
	}
	if err := d.Decode(&item); err == nil && item.XMLName.Space == dataNS {
		c.Data = item.Text
	}
	return nil // other programs keep there what they like
}
