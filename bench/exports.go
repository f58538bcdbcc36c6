package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"
)

// exportTable measures the exports of a year of responses through HTTP, beside
// the same cells written by excelize alone in a process of its own.
func exportTable(out *bytes.Buffer, binary, dir string, responses int) error {
	folder := filepath.Join(dir, "year")
	if _, err := os.Stat(folder); err != nil {
		if _, _, err := makeYear(folder, responses); err != nil {
			return fmt.Errorf("make a year: %w", err)
		}
	}
	p, err := startProcess([]string{"SIPAS_DATA=" + folder, "SIPAS_ADDR=127.0.0.1:0", "SIPAS_NOW=" + yearEnd.Format(time.RFC3339)}, binary)
	if err != nil {
		return err
	}
	defer p.stop()
	create := exec.Command(binary, "token", "create", "--role", "office", "--name", "exports")
	create.Env = p.env
	token, err := create.Output()
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "\n## Exports of %d responses\n\nThe whole file over HTTP. `excelize alone` writes the cells of the same file from memory, a row repeated, in a process of its own, in the same run.\n\n| | time | size | most memory |\n|---|---:|---:|---:|\n", responses)
	var rows [][]string
	for _, format := range []string{"csv", "xlsx"} {
		started := time.Now()
		file := filepath.Join(dir, "export."+format)
		if err := download("http://"+p.addr+"/api/v1/exports/responses."+format, strings.TrimSpace(string(token)), file); err != nil {
			return err
		}
		took := time.Since(started)
		most, err := mostMemory(p.cmd.Process.Pid)
		if err != nil {
			return err
		}
		exportLine(out, format, file, took, most)
		if format == "csv" {
			if rows, err = firstRows(file, 1000); err != nil {
				return err
			}
		}
	}
	return aloneLine(out, dir, rows, responses)
}

func exportLine(out *bytes.Buffer, name, file string, took time.Duration, most float64) {
	size := 0.0
	if info, err := os.Stat(file); err == nil {
		size = float64(info.Size()) / 1e6
	}
	fmt.Fprintf(out, "| %s | %.1f s | %.0f MB | %.0f MB |\n", name, took.Seconds(), size, most)
}

func download(address, token, file string) error {
	r, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+token)
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer a.Body.Close()
	if a.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", address, a.Status)
	}
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	if _, err := io.Copy(f, a.Body); err != nil {
		return err
	}
	return f.Close()
}

// aloneLine measures excelize in a process of its own.
func aloneLine(out *bytes.Buffer, dir string, rows [][]string, n int) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	cells, err := json.Marshal(rows)
	if err != nil {
		return err
	}
	file := filepath.Join(dir, "alone.xlsx")
	cmd := exec.Command(self, "excelize", file, fmt.Sprint(n))
	cmd.Stdin = bytes.NewReader(cells)
	started := time.Now()
	most, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("excelize alone: %w", err)
	}
	took := time.Since(started)
	var mb float64
	if _, err := fmt.Sscan(string(most), &mb); err != nil {
		return fmt.Errorf("excelize alone: %w", err)
	}
	exportLine(out, "excelize alone", file, took, mb)
	return nil
}

// serveAlone writes n rows, those of standard input over and over, and prints
// the most memory that it took.
func serveAlone(file string, n int) error {
	var rows [][]string
	if err := json.NewDecoder(os.Stdin).Decode(&rows); err != nil {
		return err
	}
	var cells [][]any
	for _, row := range rows {
		var line []any
		for _, s := range row {
			line = append(line, asCell(s))
		}
		cells = append(cells, line)
	}
	f := excelize.NewFile()
	defer f.Close()
	w, err := f.NewStreamWriter("Sheet1")
	if err != nil {
		return err
	}
	for i := range n {
		if err := w.SetRow(fmt.Sprintf("A%d", i+1), cells[i%len(cells)]); err != nil {
			return err
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if err := f.SaveAs(file); err != nil {
		return err
	}
	most, err := mostMemory(os.Getpid())
	fmt.Println(most)
	return err
}

// asCell is a cell of the CSV as the export gives it to excelize: nothing, a
// figure, or words.
func asCell(s string) any {
	var n int
	if s == "" {
		return nil
	}
	if _, err := fmt.Sscanf(s, "%d", &n); err == nil && fmt.Sprint(n) == s {
		return n
	}
	return s
}

// firstRows reads the first n rows below the headings.
func firstRows(file string, n int) ([][]string, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r := csv.NewReader(f)
	if _, err := r.Read(); err != nil {
		return nil, err
	}
	var rows [][]string
	for range n {
		row, err := r.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}
