package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"
)

// dossierRows is what a large department has in two years.
const dossierRows = 100_000

// dossierName stands in a column that is not read, to be looked for in the store.
const dossierName = "ZZNAME"

// dossiersTable takes a list in over HTTP, new, again, and with news, while one
// citizen after the other answers; then asks for figures.
func dossiersTable(out *bytes.Buffer, binary, dir string) error {
	folder := filepath.Join(dir, "dossiers")
	p, code, err := startSipas(binary, folder)
	if err != nil {
		return err
	}
	defer p.stop()
	create := exec.Command(binary, "token", "create", "--role", "admin", "--name", "bench-dossiers")
	create.Env = p.env
	token, err := create.Output()
	if err != nil {
		return fmt.Errorf("make token: %w", err)
	}
	header := "Bearer " + strings.TrimSpace(string(token))
	before, err := memory(p.cmd.Process.Pid)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "## %d dossiers\n\n`POST /api/v1/dossiers`, the whole request over HTTP, while one client answers the survey without a pause. Resident memory before: %.0f MB.\n\n| list | created, updated, unchanged | took | answers/s meanwhile | p99 | memory after |\n|---|---|---:|---:|---:|---:|\n", dossierRows, before)
	book, err := dossierBook()
	if err != nil {
		return err
	}
	for _, list := range []struct {
		name, kind string
		body       []byte
	}{
		{"CSV, new", "text/csv", dossierCSV("")},
		{"the same again", "text/csv", dossierCSV("")},
		{"all returned", "text/csv", dossierCSV("19/06/2025")},
		{"the same as Excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", book},
	} {
		if err := takeIn(out, p, code, header, list.name, list.kind, list.body); err != nil {
			return fmt.Errorf("%s: %w", list.name, err)
		}
	}
	fmt.Fprint(out, "\n`GET /api/v1/dossiers/statistics`, 5 times each:\n\n| question | median | worst |\n|---|---:|---:|\n")
	for _, q := range []string{"", "by=area", "by=month&from=2025-06-01"} {
		took, _, err := ask(p.addr, get(p.addr, "/api/v1/dossiers/statistics?"+q, strings.TrimPrefix(header, "Bearer ")), 5)
		if err != nil {
			return err
		}
		slices.Sort(took)
		fmt.Fprintf(out, "| `%s` | %s | %s |\n", cmp.Or(q, "no groups"), ms(took[2]), ms(took[4]))
	}
	fmt.Fprintln(out)
	return noName(folder)
}

// takeIn sends a list and writes what became of it.
func takeIn(out *bytes.Buffer, p *process, code, header, name, kind string, body []byte) error {
	ended := make(chan struct{})
	answers := make(chan []time.Duration, 1)
	go func() {
		var took []time.Duration
		for n := 0; ; n++ {
			select {
			case <-ended:
				answers <- took
				return
			default:
			}
			started := time.Now()
			resp, err := http.Post("http://"+p.addr+"/api/v1/surveys/"+code+"/responses", "application/json",
				strings.NewReader(fmt.Sprintf(`{"key":"bench-%s-%08d","overall":4}`, strings.Map(keyLetter, name), n)))
			if err == nil {
				_, _ = io.Copy(io.Discard, resp.Body)
				resp.Body.Close()
				took = append(took, time.Since(started))
			}
		}
	}()
	req, err := http.NewRequest("POST", "http://"+p.addr+"/api/v1/dossiers", bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", header)
	req.Header.Set("Content-Type", kind)
	started := time.Now()
	resp, err := http.DefaultClient.Do(req)
	close(ended)
	times := <-answers
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	took := time.Since(started)
	var v struct{ Created, Updated, Unchanged, RejectedCount int }
	if err := json.NewDecoder(resp.Body).Decode(&v); err != nil || v.Created+v.Updated+v.Unchanged != dossierRows {
		return fmt.Errorf("%d %+v %w", resp.StatusCode, v, err)
	}
	after, err := memory(p.cmd.Process.Pid)
	if err != nil {
		return err
	}
	r := newRate(times, took, 0)
	fmt.Fprintf(out, "| %s | %d, %d, %d | %.1f s | %.0f | %s | %.0f MB |\n", name, v.Created, v.Updated, v.Unchanged, took.Seconds(), r.perSecond, ms(r.p99), after)
	return nil
}

func keyLetter(r rune) rune {
	if r >= 'a' && r <= 'z' {
		return r
	}
	return '-'
}

// dossierLine is one dossier; every fifth procedure differs.
func dossierLine(i int, returned string) []string {
	procedure := []string{"1.012784", "1.012783.H50", "1.012781", "1.011441", "1.010727"}[i%5]
	return []string{fmt.Sprintf("000.00.16.H50-250601-%06d", i), procedure, "quay-dat-dai", fmt.Sprintf("%02d/06/2025", 1+i%10), fmt.Sprintf("%02d/06/2025", 15+i%10), returned, "Nguyễn Văn " + dossierName}
}

var dossierHead = []string{"Mã hồ sơ", "Mã TTHC", "Quầy", "Ngày tiếp nhận", "Ngày hẹn trả", "Ngày trả", "Họ và tên"}

func dossierCSV(returned string) []byte {
	var b bytes.Buffer
	fmt.Fprintln(&b, strings.Join(dossierHead, ";"))
	for i := range dossierRows {
		fmt.Fprintln(&b, strings.Join(dossierLine(i, returned), ";"))
	}
	return b.Bytes()
}

func dossierBook() ([]byte, error) {
	f := excelize.NewFile()
	w, err := f.NewStreamWriter("Sheet1")
	if err != nil {
		return nil, err
	}
	line := func(n int, cells []string) error {
		row := make([]any, len(cells))
		for i, c := range cells {
			row[i] = c
		}
		return w.SetRow(fmt.Sprintf("A%d", n), row)
	}
	err = line(1, dossierHead)
	for i := range dossierRows {
		err = errors.Join(err, line(i+2, dossierLine(i, "19/06/2025")))
	}
	var b bytes.Buffer
	if err = errors.Join(err, w.Flush(), f.Write(&b)); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// noName fails if the name of the lists stands in any file of the store.
func noName(folder string) error {
	return filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if err == nil && bytes.Contains(b, []byte(dossierName)) {
			err = fmt.Errorf("a name is in %s", path)
		}
		return err
	})
}
