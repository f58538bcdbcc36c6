package backup

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"io"
)

// writer writes the plain stream.
type writer struct {
	w        *bufio.Writer // into out and sha
	out      io.Writer
	sha      hash.Hash
	contents Contents
	current  *counter
}

func newWriter(out io.Writer, h Header) (*writer, error) {
	w := &writer{out: out, sha: sha256.New()}
	w.w = bufio.NewWriterSize(io.MultiWriter(out, w.sha), 64<<10)
	if _, err := fmt.Fprintf(w.w, "%s%d\n", magic, Format); err != nil {
		return nil, err
	}
	return w, writeLine(w.w, "", h)
}

// writeLine writes a tag and v as one line of JSON.
func writeLine(w io.Writer, tag string, v any) error {
	line, err := json.Marshal(v)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "%s%s\n", tag, line)
	return err
}

// begin begins a collection.
func (w *writer) begin(name string) error {
	w.end()
	w.current = &counter{Collection: Collection{Name: name}}
	return writeLine(w.w, "C", struct {
		Name string `json:"name"`
	}{name})
}

// document writes one document of the collection that was begun last.
func (w *writer) document(doc []byte) error {
	w.current.add(doc)
	if err := w.w.WriteByte('D'); err != nil {
		return err
	}
	_, err := w.w.Write(doc)
	return err
}

func (w *writer) end() {
	if w.current != nil {
		w.contents.Collections = append(w.contents.Collections, w.current.counted())
		w.current = nil
	}
}

// finish writes the contents behind everything they are about.
func (w *writer) finish() (Contents, error) {
	w.end()
	if err := w.w.Flush(); err != nil {
		return Contents{}, err
	}
	w.contents.SHA256 = hex.EncodeToString(w.sha.Sum(nil))
	return w.contents, writeLine(w.out, "F", w.contents)
}
