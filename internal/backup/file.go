package backup

import (
	"bufio"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"filippo.io/age"
)

// File is a backup on disk, with the keys that may open it.
type File struct {
	Path string
	Keys []age.Identity
}

// partial marks a file that is still being written.
const partial = ".partial"

// create writes path through write, in one piece: it is there when everything
// is on disk and checked, or not at all. It never replaces a file.
func create(path string, write func(io.Writer) error, check func(path string) error) (err error) {
	if err := absent(path); err != nil {
		return err
	}
	draft := path + partial
	f, err := os.OpenFile(draft, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, os.ErrExist) {
		return fmt.Errorf("%s is there: another backup is writing it, or one was cut off; if none is running, remove it", draft)
	}
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(draft) // the first error is the one to tell
		}
	}()
	w := bufio.NewWriterSize(f, 256<<10)
	if err = write(w); err == nil {
		err = w.Flush()
	}
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	if err = check(draft); err != nil {
		return err
	}
	if err = absent(path); err != nil {
		return err
	}
	if err = os.Rename(draft, path); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(path))
}

// ErrFileExists says that there is a file of this name already.
var ErrFileExists = errors.New("is there already; a backup never replaces a file")

func absent(path string) error {
	switch _, err := os.Lstat(path); {
	case err == nil:
		return fmt.Errorf("%s %w", path, ErrFileExists)
	case errors.Is(err, os.ErrNotExist):
		return nil
	default:
		return err
	}
}

// syncFolder makes a new name in the folder as durable as the file's content.
// Where folders cannot be synced (Windows) the name is durable by itself.
func syncFolder(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	_ = d.Sync()
	return d.Close()
}

// sealed passes what is written to it on, compressed and encrypted, until Close.
type sealed struct {
	*gzip.Writer
	age io.WriteCloser
}

func seal(w io.Writer, to age.Recipient) (*sealed, error) {
	a, err := age.Encrypt(w, to)
	if err != nil {
		return nil, err
	}
	z, err := gzip.NewWriterLevel(a, gzip.BestSpeed) // a sixth of the size; the other levels take up to twice as long for a seventh less
	return &sealed{z, a}, err
}

// Close ends the file; without it, or after an error of it, the file is cut off.
func (s *sealed) Close() error {
	if err := s.Writer.Close(); err != nil {
		return err
	}
	return s.age.Close()
}

const ageFirstLine = "age-encryption.org/v1\n"

// read decrypts the file and reads the whole of it.
func (f File) read(ctx context.Context, v visitor) (Contents, error) {
	file, err := os.Open(f.Path)
	if err != nil {
		return Contents{}, err
	}
	defer file.Close()
	contents, err := f.readFrom(file, readable(ctx, v))
	if err != nil {
		return Contents{}, fmt.Errorf("%s %w", f.Path, err)
	}
	return contents, nil
}

// readable ends a reading when ctx does.
func readable(ctx context.Context, v visitor) visitor {
	next := v.document
	v.document = func(name string, doc []byte) error {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("was not read to its end: %w", err)
		}
		if next == nil {
			return nil
		}
		return next(name, doc)
	}
	return v
}

func (f File) readFrom(file io.Reader, v visitor) (Contents, error) {
	b := bufio.NewReaderSize(file, 256<<10)
	start, err := b.Peek(len(ageFirstLine))
	if err != nil && !errors.Is(err, io.EOF) {
		return Contents{}, damaged(err)
	}
	if string(start) != ageFirstLine {
		return Contents{}, ErrNotBackup
	}
	a, err := age.Decrypt(b, f.Keys...)
	var other *age.NoIdentityMatchError
	if errors.As(err, &other) {
		return Contents{}, ErrWrongKey
	}
	if err != nil {
		return Contents{}, damaged(err)
	}
	plain := bufio.NewReader(a) // gzip reads from it no further than its own end
	start, err = plain.Peek(2)
	if err != nil && !errors.Is(err, io.EOF) {
		return Contents{}, damaged(err)
	}
	if string(start) != "\x1f\x8b" {
		return Contents{}, ErrNotBackup
	}
	z, err := gzip.NewReader(plain)
	if err != nil {
		return Contents{}, damaged(err)
	}
	z.Multistream(false)
	contents, err := read(z, v)
	if err != nil {
		return Contents{}, err
	}
	// What comes behind the compressed stream would be nobody's.
	if n, err := io.Copy(io.Discard, plain); err != nil || n > 0 {
		return Contents{}, damaged(errors.Join(err, errors.New("there is something behind its end")))
	}
	return contents, nil
}
