package backup

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"sipas/internal/store"
)

// What can be wrong with a file; the error that wraps one of them names the file.
var (
	// ErrNotBackup: it is something else.
	ErrNotBackup = errors.New("is not a backup made by sipas")
	// ErrWrongKey: it is encrypted to another key.
	ErrWrongKey = errors.New("is encrypted to a key that the key file does not hold")
	// ErrDamaged: some of it is missing or other than it was written.
	ErrDamaged = errors.New("is damaged or cut off")
	// ErrNewer: this program does not know its format.
	ErrNewer = errors.New("was made by a newer program")
)

// visitor is told what is in a stream, in its order. A document's bytes are
// valid until the call returns.
type visitor struct {
	header     func(Header) error // nil: not told
	collection func(name string) error
	document   func(name string, doc []byte) error
}

// reader reads the plain stream and trusts nothing in it.
type reader struct {
	r        *bufio.Reader
	sha      hash.Hash
	contents Contents
	current  *counter
	buffer   []byte
}

// read reads a whole stream. Only when it returns nil was everything that the
// visitor was told what had been written. The visitor's own errors are returned
// as they are.
func read(plain io.Reader, v visitor) (Contents, error) {
	r := &reader{r: bufio.NewReaderSize(plain, 64<<10), sha: sha256.New()}
	h, err := r.header()
	if err == nil && v.header != nil {
		err = v.header(h)
	}
	if err != nil {
		return Contents{}, err
	}
	for {
		tag, err := r.r.ReadByte()
		if err != nil {
			return Contents{}, damaged(err)
		}
		if tag == 'F' {
			return r.contents, r.footer()
		}
		r.sha.Write([]byte{tag})
		switch {
		case tag == 'C':
			name, err := r.begin()
			if err == nil && v.collection != nil {
				err = v.collection(name)
			}
			if err != nil {
				return Contents{}, err
			}
		case tag == 'D' && r.current != nil:
			doc, err := r.document()
			if err == nil && v.document != nil {
				err = v.document(r.current.Name, doc)
			}
			if err != nil {
				return Contents{}, err
			}
		default:
			return Contents{}, damaged(fmt.Errorf("unexpected byte %#x", tag))
		}
	}
}

// damaged says what was found; the cause never quotes a document.
func damaged(cause error) error {
	if errors.Is(cause, io.EOF) || errors.Is(cause, io.ErrUnexpectedEOF) {
		cause = errors.New("it ends too early")
	}
	return fmt.Errorf("%w: %w", ErrDamaged, cause)
}

// line reads up to the next line feed, which is not returned.
func (r *reader) line() ([]byte, error) {
	var line []byte
	for {
		part, err := r.r.ReadSlice('\n')
		if len(line)+len(part) > maxLine {
			return nil, errors.New("a line without end")
		}
		line = append(line, part...)
		if err == nil {
			return line[:len(line)-1], nil
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return nil, err
		}
	}
}

func (r *reader) hashedLine() ([]byte, error) {
	line, err := r.line()
	r.sha.Write(line)
	r.sha.Write([]byte{'\n'})
	return line, err
}

func (r *reader) header() (h Header, err error) {
	// Before anything is taken for damage: is it one of ours at all?
	start, err := r.r.Peek(len(magic))
	if err != nil && !errors.Is(err, io.EOF) {
		return h, damaged(err)
	}
	if string(start) != magic {
		return h, ErrNotBackup
	}
	line, err := r.hashedLine()
	if err != nil {
		return h, damaged(err)
	}
	format, err := strconv.Atoi(strings.TrimPrefix(string(line), magic))
	if err != nil || format < 1 || string(line) != magic+strconv.Itoa(format) {
		return h, damaged(errors.New("no number of a format"))
	}
	if format > Format {
		return h, fmt.Errorf("%w (format %d, and this one reads up to %d)", ErrNewer, format, Format)
	}
	line, err = r.hashedLine()
	if err == nil {
		err = json.Unmarshal(line, &h)
	}
	if err != nil {
		return h, damaged(err)
	}
	return h, nil
}

// validName is what package store allows.
var validName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,47}$`)

func (r *reader) begin() (string, error) {
	line, err := r.hashedLine()
	if err != nil {
		return "", damaged(err)
	}
	var c struct{ Name string }
	if err := json.Unmarshal(line, &c); err != nil || !validName.MatchString(c.Name) {
		return "", damaged(errors.New("a collection without a proper name"))
	}
	r.end()
	if slices.ContainsFunc(r.contents.Collections, func(x Collection) bool { return x.Name == c.Name }) {
		return "", damaged(fmt.Errorf("collection %s comes twice", c.Name))
	}
	r.current = &counter{Collection: Collection{Name: c.Name}}
	return c.Name, nil
}

func (r *reader) end() {
	if r.current != nil {
		r.contents.Collections = append(r.contents.Collections, r.current.counted())
		r.current = nil
	}
}

func (r *reader) document() ([]byte, error) {
	var prefix [4]byte
	if _, err := io.ReadFull(r.r, prefix[:]); err != nil {
		return nil, damaged(err)
	}
	n := int64(binary.LittleEndian.Uint32(prefix[:]))
	if n < 5 || n > store.MaxDoc {
		return nil, damaged(fmt.Errorf("a document of %d bytes", n))
	}
	if int64(cap(r.buffer)) < n {
		r.buffer = make([]byte, n)
	}
	doc := r.buffer[:n]
	copy(doc, prefix[:])
	if _, err := io.ReadFull(r.r, doc[4:]); err != nil {
		return nil, damaged(err)
	}
	r.sha.Write(doc)
	r.current.add(doc)
	return doc, nil
}

// footer compares what was read with what its writer says was written.
func (r *reader) footer() error {
	r.end()
	r.contents.SHA256 = hex.EncodeToString(r.sha.Sum(nil))
	line, err := r.line()
	if err != nil {
		return damaged(err)
	}
	want, err := json.Marshal(r.contents)
	if err != nil {
		return damaged(err)
	}
	if !bytes.Equal(line, want) {
		return damaged(errors.New("it does not hold what its end says"))
	}
	if _, err := r.r.ReadByte(); !errors.Is(err, io.EOF) {
		return damaged(errors.New("there is something behind its end"))
	}
	return nil
}
