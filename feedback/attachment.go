package feedback

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"errors"
	"io"
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"sipas/internal/fault"
	"sipas/internal/text"
)

// Limits of what can be sent with a case.
const (
	MaxFiles    = 5
	MaxFileSize = 10 << 20 // bytes
	maxFileName = 100      // characters
	maxUnzipped = 100 << 20
	maxEntries  = 2_000 // files within a Word file
)

// File (tệp đính kèm) is something sent with a case: a photo, a PDF or a Word
// file. What is kept of a photo is the picture alone, without the place and the
// camera.
type File struct {
	ID     string `bson:"id"` // set when it is stored
	Name   string `bson:"name"`
	Type   string `bson:"type"` // media type, found out from the content
	Size   int    `bson:"size"` // bytes, of what is kept
	Pieces int    `bson:"pieces"`

	content []byte
	sum     [sha256.Size]byte // of what was sent
}

// fileType is a type that is taken, by what its content shows.
type fileType struct {
	media      string
	extensions []string
	is         func([]byte) bool
	keep       func([]byte) ([]byte, error) // what is kept of it; the error is a code
}

var fileTypes = []fileType{
	{"image/jpeg", []string{".jpg", ".jpeg"}, begins("\xff\xd8\xff"), plainJPEG},
	{"image/png", []string{".png"}, begins("\x89PNG\r\n\x1a\n"), plainPNG},
	{"application/pdf", []string{".pdf"}, begins("%PDF-"), wholePDF},
	{"application/vnd.openxmlformats-officedocument.wordprocessingml.document", []string{".docx"}, begins("PK\x03\x04"), soundWord},
}

func begins(with string) func([]byte) bool {
	return func(b []byte) bool { return bytes.HasPrefix(b, []byte(with)) }
}

// What is wrong with a file, as codes of its field.
var (
	errFileType    = errors.New("file_type")    // none of the types that are taken
	errFileOther   = errors.New("file_other")   // the name says another type than the content
	errFileDamaged = errors.New("file_damaged") // cannot be read as what it says it is
	errFilePixels  = errors.New("file_pixels")  // a picture with more of them than a camera makes
	errFileBomb    = errors.New("file_bomb")    // far more inside than it looks
	errFileMacro   = errors.New("file_macro")   // has a program in it
)

// ReadFile checks an upload by its content and returns what is kept of it. The
// error is a fault of kind Invalid with the one field "file", whose code says
// why this file is refused.
func ReadFile(name string, content []byte) (*File, error) {
	var f fault.Fields
	name = text.Clean(name)
	switch {
	case !fileName(name):
		f.Add("file", "file_name")
	case len(content) == 0:
		f.Add("file", "file_empty")
	case len(content) > MaxFileSize:
		f.Add("file", "file_too_large", MaxFileSize>>20)
	}
	if err := f.Err(); err != nil {
		return nil, err
	}
	file, err := read(name, content)
	if err != nil {
		f.Add("file", err.Error())
		return nil, f.Err()
	}
	return file, nil
}

// fileName says whether it is a name and nothing else: browsers send no path.
func fileName(name string) bool {
	return name != "" && name[0] != '.' && utf8.RuneCountInString(name) <= maxFileName &&
		!strings.ContainsAny(name, `/\:*?"<>|`) && strings.IndexFunc(name, func(r rune) bool { return !unicode.IsPrint(r) }) < 0
}

func read(name string, content []byte) (*File, error) {
	for _, t := range fileTypes {
		if !t.is(content) {
			continue
		}
		if !slices.Contains(t.extensions, strings.ToLower(path.Ext(name))) {
			return nil, errFileOther
		}
		kept, err := t.keep(content)
		if err != nil {
			return nil, err
		}
		return &File{Name: name, Type: t.media, Size: len(kept), content: kept, sum: sha256.Sum256(content)}, nil
	}
	return nil, errFileType
}

// wholePDF holds a PDF to its end mark, which a file that was cut off lacks.
func wholePDF(content []byte) ([]byte, error) {
	if !bytes.Contains(content[max(0, len(content)-1024):], []byte("%%EOF")) {
		return nil, errFileDamaged
	}
	return content, nil
}

// soundWord unpacks a Word file without keeping anything, so that it is known
// what whoever opens it gets: no more than a document can have, no program, and
// no name that leads out of a folder.
func soundWord(content []byte) ([]byte, error) {
	z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return nil, errFileDamaged
	}
	if len(z.File) > maxEntries {
		return nil, errFileBomb
	}
	document := false
	left := int64(maxUnzipped)
	for _, entry := range z.File {
		lower := strings.ToLower(entry.Name)
		switch {
		case strings.Contains(entry.Name, "..") || strings.HasPrefix(entry.Name, "/") || strings.Contains(entry.Name, `\`):
			return nil, errFileDamaged
		case strings.HasSuffix(lower, ".bin") && strings.Contains(lower, "vba"):
			return nil, errFileMacro
		}
		document = document || entry.Name == "word/document.xml"
		r, err := entry.Open()
		if err != nil {
			return nil, errFileDamaged
		}
		n, err := io.Copy(io.Discard, io.LimitReader(r, left+1))
		_ = r.Close()
		if left -= n; left < 0 { // counted, since what the entry says of its size may be a lie
			return nil, errFileBomb
		}
		if err != nil {
			return nil, errFileDamaged
		}
	}
	if !document {
		return nil, errFileOther
	}
	return content, nil
}
