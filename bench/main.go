// Command bench measures the program on this machine and writes the table of
// docs/benchmarks.md. Everything that is compared is measured in the same run;
// the server is a process of its own, the load comes from this one over
// loopback.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"time"
)

func main() {
	if len(os.Args) > 2 && os.Args[1] == "noop" {
		serveNoop(os.Args[2])
		return
	}
	if len(os.Args) > 3 && os.Args[1] == "excelize" {
		rows, err := strconv.Atoi(os.Args[3])
		if err == nil {
			err = serveAlone(os.Args[2], rows)
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, "bench:", err)
			os.Exit(1)
		}
		return
	}
	out := flag.String("out", "docs/benchmarks.md", "the file to write")
	seconds := flag.Float64("seconds", 3, "how long each rate is measured")
	responses := flag.Int("responses", 1_000_000, "responses of the year for start and statistics")
	pages := flag.Bool("lighthouse", false, "only Lighthouse, printed and written nowhere")
	exports := flag.Bool("exports", false, "only the exports, printed and written nowhere")
	year := flag.Bool("statistics", false, "only figures over a year, printed and written nowhere")
	lists := flag.Bool("dossiers", false, "only lists of dossiers, printed and written nowhere")
	flag.Parse()
	var part func(*bytes.Buffer, string, string) error
	switch {
	case *pages:
		part = lighthouseTable
	case *exports:
		part = func(out *bytes.Buffer, binary, dir string) error { return exportTable(out, binary, dir, *responses) }
	case *year:
		part = func(out *bytes.Buffer, binary, dir string) error {
			return statisticsTable(out, binary, dir, *responses)
		}
	case *lists:
		part = dossiersTable
	}
	if part != nil {
		if err := only(part); err != nil {
			fmt.Fprintln(os.Stderr, "bench:", err)
			os.Exit(1)
		}
		return
	}
	if err := run(*out, time.Duration(*seconds*float64(time.Second)), *responses); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(out string, each time.Duration, responses int) error {
	dir, err := os.MkdirTemp("", "sipas-bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	binary, err := build(dir)
	if err != nil {
		return err
	}
	var report bytes.Buffer
	fmt.Fprintf(&report, "# Measurements\n\nMade by `make bench` on %s with %s on %s/%s, %d cores shared by server and load. Rates vary up to twofold between machines and runs; ratios are of one run.\n\n",
		time.Now().Format("2006-01-02"), runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU())
	for _, part := range []func(*bytes.Buffer, string, string, time.Duration) error{intakeTable, pageTable} {
		if err := part(&report, binary, dir, each); err != nil {
			return err
		}
	}
	if err := statisticsTable(&report, binary, dir, responses); err != nil {
		return err
	}
	if err := exportTable(&report, binary, dir, responses); err != nil {
		return err
	}
	for _, part := range []func(*bytes.Buffer, string, string) error{dossiersTable, lighthouseTable} {
		if err := part(&report, binary, dir); err != nil {
			return err
		}
	}
	os.Stdout.Write(report.Bytes())
	return os.WriteFile(out, report.Bytes(), 0o644)
}

func build(dir string) (binary string, err error) {
	binary = filepath.Join(dir, "sipas")
	if b, err := exec.Command("go", "build", "-o", binary, "./cmd/sipas").CombinedOutput(); err != nil {
		return "", fmt.Errorf("build: %w\n%s", err, b)
	}
	return binary, nil
}

// only measures one part and prints it.
func only(part func(*bytes.Buffer, string, string) error) error {
	dir, err := os.MkdirTemp("", "sipas-bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	binary, err := build(dir)
	if err != nil {
		return err
	}
	var report bytes.Buffer
	err = part(&report, binary, dir)
	os.Stdout.Write(report.Bytes())
	return err
}
