package main

import (
	"bytes"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"
)

// pageTable measures the survey page, compressed as browsers ask for it, beside
// a handler of the same framework that does nothing but answer as many bytes.
func pageTable(out *bytes.Buffer, binary, dir string, each time.Duration) error {
	fmt.Fprint(out, "## Survey page\n\nThe whole page as one gzip answer with a fresh key, beside an Echo handler that answers as many bytes and does nothing else; in turn, three times, the middle of three.\n\n| clients | bytes | pages/s | p50 | p99 | no-op/s | share |\n|---:|---:|---:|---:|---:|---:|---:|\n")
	p, code, err := startSipas(binary, filepath.Join(dir, "page"))
	if err != nil {
		return err
	}
	defer p.stop()
	compressed := func(host, path string) []byte {
		return fmt.Appendf(nil, "GET %s HTTP/1.1\r\nHost: %s\r\nAccept-Encoding: gzip, deflate\r\n\r\n", path, host)
	}
	page := compressed(p.addr, "/k/"+code)
	first, err := load(p.addr, 1, each/10, 200, func(int, int) []byte { return page })
	if err != nil {
		return fmt.Errorf("page: %w", err)
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	noop, err := startProcess(nil, self, "noop", strconv.Itoa(first.bytes))
	if err != nil {
		return err
	}
	defer noop.stop()
	nothing := compressed(noop.addr, "/")
	for _, n := range []int{1, 32} {
		var pages, nothings [3]rate
		for i := range pages {
			if pages[i], err = load(p.addr, n, each/2, 200, func(int, int) []byte { return page }); err != nil {
				return fmt.Errorf("page: %w", err)
			}
			if nothings[i], err = load(noop.addr, n, each/2, 200, func(int, int) []byte { return nothing }); err != nil {
				return fmt.Errorf("no-op: %w", err)
			}
		}
		a, b := middle(pages), middle(nothings)
		fmt.Fprintf(out, "| %d | %d | %.0f | %s | %s | %.0f | %.0f %% |\n", n, a.bytes, a.perSecond, ms(a.p50), ms(a.p99), b.perSecond, 100*a.perSecond/b.perSecond)
	}
	fmt.Fprintln(out)
	return nil
}

func middle(r [3]rate) rate {
	lowest, highest := 0, 0
	for i := range r {
		if r[i].perSecond < r[lowest].perSecond {
			lowest = i
		}
		if r[i].perSecond >= r[highest].perSecond {
			highest = i
		}
	}
	return r[3-lowest-highest]
}

// serveNoop is the other process: Echo, answering n bytes.
func serveNoop(n string) {
	length, err := strconv.Atoi(n)
	if err != nil {
		panic(err)
	}
	body := make([]byte, length)
	e := echo.New()
	e.GET("/", func(c echo.Context) error {
		c.Response().Header().Set("Content-Length", n)
		return c.Blob(http.StatusOK, echo.MIMETextHTMLCharsetUTF8, body)
	})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	fmt.Fprintf(os.Stderr, "addr=%s\n", l.Addr())
	if err := http.Serve(l, e); err != nil {
		panic(err)
	}
}
