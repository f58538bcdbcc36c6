package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"sipas/internal/catalogue"
	"sipas/internal/staff"
)

// TestReportCommand writes a report beside a store that is open elsewhere, finds
// that it agrees, and names the figure that somebody has changed.
func TestReportCommand(t *testing.T) {
	vars := map[string]string{"SIPAS_DATA": t.TempDir()}
	o := openOffice(t, vars)
	for i := range 3 {
		if err := o.save(fmt.Sprintf("of-a-test-%04d", i), i); err != nil {
			t.Fatal(err)
		}
	}
	today := string(catalogue.DateOf(time.Now()))
	for _, format := range []string{"docx", "xlsx", "pdf"} {
		file := filepath.Join(t.TempDir(), "bao-cao."+format)
		if said := must(t, vars, "report", "--from", today, "--to", today, "--format", format, "--out", file); said != "" {
			t.Errorf("%s: it says %q", format, said)
		}
		if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v", format, err)
		}
		if said := must(t, vars, "report", "--check", file); !strings.HasPrefix(said, "the report agrees: ") || !strings.Contains(said, "3 responses as stored now") {
			t.Errorf("%s: %q", format, said)
		}
		if format != "xlsx" {
			continue
		}
		f, err := excelize.OpenFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := f.SetCellValue("Lĩnh vực", "B2", 300); err != nil {
			t.Fatal(err)
		}
		if err := f.Save(); err != nil {
			t.Fatal(err)
		}
		code, stdout, stderr := sipas(t, vars, "report", "--check", file)
		if code != exitFailed || stdout != "" || !strings.Contains(stderr, `areas/dat-dai/responses: the file shows "300", it should be "3"`) {
			t.Errorf("exit %d, %q %q", code, stdout, stderr)
		}
	}
	file := filepath.Join(t.TempDir(), "x.docx")
	must(t, vars, "report", "--from", today, "--to", today, "--format", "docx", "--out", file)
	if err := o.save("of-a-test-0009", 2); err != nil {
		t.Fatal(err)
	}
	code, _, stderr := sipas(t, vars, "report", "--check", file)
	if code != exitFailed || !strings.Contains(stderr, `areas/dat-dai/responses: the file has "3", it is "4" now (not sealed when the report was made`) {
		t.Errorf("with an answer more: exit %d, %q", code, stderr)
	}
	entries, _, err := o.s.staff.Entries(t.Context(), staff.EntryFilter{Action: "report.satisfaction"}, 10, "")
	if err != nil || len(entries) != 4 || entries[0].Account != "command" || strings.Join(entries[0].Detail, " ") != "from="+today+" to="+today+" format=docx" {
		t.Errorf("%+v, %v", entries, err)
	}
}

func TestWrongReportCommands(t *testing.T) {
	vars := map[string]string{"SIPAS_DATA": t.TempDir()}
	openOffice(t, vars)
	dir := t.TempDir()
	other := filepath.Join(dir, "other.pdf")
	if err := os.WriteFile(other, bytes.Repeat([]byte("%PDF-1.4 "), 10), 0o600); err != nil {
		t.Fatal(err)
	}
	days := "--from 2026-01-01 --to 2026-06-30 "
	for args, want := range map[string]int{
		"": exitUsage, "--from 2026-01-01": exitUsage, days: exitUsage, days + "--format pdf": exitUsage, days + "--format odt --out x": exitUsage,
		"--from 1/1/2026 --to 2026-06-30 --format pdf --out x": exitUsage, "--from 2026-06-30 --to 2026-01-01 --format pdf --out x": exitUsage,
		days + "--format pdf --out x --with tomorrow": exitUsage, days + "--format pdf --out x --lang fr": exitUsage,
		days + "--format pdf --out /nowhere/x": exitFailed, "--check /nowhere/x": exitUsage, "--check " + other: exitFailed, "--check " + other + " --format pdf": exitUsage,
		days + "--format pdf --out " + filepath.Join(dir, "empty.pdf"): exitDone, // it says that there is nothing
	} {
		code, stdout, stderr := sipas(t, vars, append([]string{"report"}, strings.Fields(args)...)...)
		lines := 1
		if want == exitDone {
			lines = 0
		}
		if code != want || stdout != "" || strings.Count(stderr, "\n") != lines {
			t.Errorf("report %s: exit %d, want %d; %q %q", args, code, want, stdout, stderr)
		}
	}
}
