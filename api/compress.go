package api

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/labstack/echo/v4"
)

// acceptsGzip reads Accept-Encoding as far as it matters: gzip, named and not
// refused.
func acceptsGzip(r *http.Request) bool {
	for part := range strings.SplitSeq(r.Header.Get(echo.HeaderAcceptEncoding), ",") {
		name, q, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.EqualFold(strings.TrimSpace(name), "gzip") {
			q = strings.ReplaceAll(q, " ", "")
			return q != "q=0" && q != "q=0.0" && q != "q=0.00" && q != "q=0.000"
		}
	}
	return false
}

var gzipWriters = sync.Pool{New: func() any { return gzip.NewWriter(nil) }}

// writeCompressed answers with body, compressed where the client takes it and
// it is worth it.
func writeCompressed(c echo.Context, status int, contentType string, body []byte) error {
	h := c.Response().Header()
	h.Add(echo.HeaderVary, echo.HeaderAcceptEncoding)
	if len(body) > 1000 && acceptsGzip(c.Request()) {
		var b bytes.Buffer
		z := gzipWriters.Get().(*gzip.Writer)
		defer gzipWriters.Put(z)
		z.Reset(&b)
		if _, err := z.Write(body); err != nil {
			return fmt.Errorf("compress: %w", err)
		}
		if err := z.Close(); err != nil {
			return fmt.Errorf("compress: %w", err)
		}
		h.Set(echo.HeaderContentEncoding, "gzip")
		body = b.Bytes()
	}
	return writeWhole(c, status, contentType, body)
}

// writeWhole says how long the answer is, so that it goes out in one piece.
func writeWhole(c echo.Context, status int, contentType string, body []byte) error {
	c.Response().Header().Set(echo.HeaderContentLength, strconv.Itoa(len(body)))
	return c.Blob(status, contentType, body)
}

// spliced is a page that differs from request to request in a few bytes near
// its end. What stands before and after them is compressed once; the few bytes
// go in between as a stored block, which costs a microsecond where compressing
// the page costs a hundred.
type spliced struct {
	before, after        []byte
	beforeGzip, restGzip []byte // gzip header and deflate blocks up to a byte boundary; the last blocks
	beforeSum            uint32
	policy               string
}

func newSpliced(before, after []byte, policy string) (*spliced, error) {
	s := &spliced{before: before, after: after, beforeSum: crc32.ChecksumIEEE(before), policy: policy}
	var b bytes.Buffer
	b.Write([]byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255}) // gzip, deflate, no name, no time, best compression
	// Flush ends on a byte boundary, where a stored block may begin.
	if err := deflate(&b, before, (*flate.Writer).Flush); err != nil {
		return nil, err
	}
	s.beforeGzip = bytes.Clone(b.Bytes())
	b.Reset()
	if err := deflate(&b, after, (*flate.Writer).Close); err != nil {
		return nil, err
	}
	s.restGzip = b.Bytes()
	return s, nil
}

func deflate(b *bytes.Buffer, text []byte, end func(*flate.Writer) error) error {
	w, err := flate.NewWriter(b, flate.BestCompression)
	if err != nil {
		return fmt.Errorf("compress page: %w", err)
	}
	if _, err := w.Write(text); err != nil {
		return fmt.Errorf("compress page: %w", err)
	}
	if err := end(w); err != nil {
		return fmt.Errorf("compress page: %w", err)
	}
	return nil
}

// appendGzip appends the page with middle in its place, as one gzip member.
// middle has at most 65,535 bytes.
func (s *spliced) appendGzip(out []byte, middle string) []byte {
	out = append(out, s.beforeGzip...)
	out = append(out, 0) // a stored block, not the last
	out = binary.LittleEndian.AppendUint16(out, uint16(len(middle)))
	out = binary.LittleEndian.AppendUint16(out, ^uint16(len(middle)))
	at := len(out)
	out = append(out, middle...)
	sum := crc32.Update(s.beforeSum, crc32.IEEETable, out[at:])
	sum = crc32.Update(sum, crc32.IEEETable, s.after)
	out = append(out, s.restGzip...)
	out = binary.LittleEndian.AppendUint32(out, sum)
	return binary.LittleEndian.AppendUint32(out, uint32(len(s.before)+len(middle)+len(s.after)))
}

// appendPlain appends the page with middle in its place.
func (s *spliced) appendPlain(out []byte, middle string) []byte {
	out = append(out, s.before...)
	out = append(out, middle...)
	return append(out, s.after...)
}

// pageBuffers hold pages on their way out; an answer is written before its
// buffer is given back.
var pageBuffers = sync.Pool{New: func() any { return new([]byte) }}

// write answers with the page, compressed where the client takes it.
func (s *spliced) write(c echo.Context, middle string) error {
	buffer := pageBuffers.Get().(*[]byte)
	defer pageBuffers.Put(buffer)
	h := c.Response().Header()
	h[echo.HeaderVary] = varyEncoding
	if acceptsGzip(c.Request()) {
		h.Set(echo.HeaderContentEncoding, "gzip")
		*buffer = s.appendGzip((*buffer)[:0], middle)
	} else {
		*buffer = s.appendPlain((*buffer)[:0], middle)
	}
	return writeWhole(c, http.StatusOK, echo.MIMETextHTMLCharsetUTF8, *buffer)
}

var varyEncoding = []string{echo.HeaderAcceptEncoding}
