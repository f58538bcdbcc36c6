package main

import (
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

// TestExportCommand works on a store that is open elsewhere.
func TestExportCommand(t *testing.T) {
	vars := map[string]string{"SIPAS_DATA": t.TempDir()}
	o := openOffice(t, vars)
	for i := range 3 {
		if err := o.save(fmt.Sprintf("of-a-test-%04d", i), i); err != nil {
			t.Fatal(err)
		}
	}
	today := string(catalogue.DateOf(time.Now()))
	said := must(t, vars, "export", "responses", "--from", "2026-01-01", "--to", today)
	if lines := strings.Split(strings.TrimSpace(said), "\r\n"); len(lines) != 4 || !strings.HasPrefix(lines[0], "\ufeffanswered_on,area,") ||
		strings.Contains(lines[0], "comment") || !strings.HasPrefix(lines[1], today+",dat-dai,") {
		t.Errorf("%q", lines)
	}
	file := filepath.Join(t.TempDir(), "phieu.xlsx")
	if said := must(t, vars, "export", "responses", "--from", today, "--to", today, "--format", "xlsx", "--out", file); said != "" {
		t.Errorf("with a file it says %q", said)
	}
	f, err := excelize.OpenFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if rows, err := f.GetRows("Phiếu trả lời"); err != nil || len(rows) != 4 {
		t.Errorf("%q, %v", rows, err)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v: others may read it", info.Mode(), err)
	}
	entries, _, err := o.s.staff.Entries(t.Context(), staff.EntryFilter{Action: "export.responses"}, 10, "")
	if err != nil || len(entries) != 2 || entries[0].Account != "command" || strings.Join(entries[0].Detail, " ") != "from="+today+" to="+today+" format=xlsx" {
		t.Errorf("%+v, %v", entries, err)
	}
}

func TestWrongExportCommands(t *testing.T) {
	vars := map[string]string{"SIPAS_DATA": t.TempDir()}
	openOffice(t, vars)
	file := filepath.Join(t.TempDir(), "x.csv")
	for args, want := range map[string]int{
		"": exitUsage, "dossiers": exitUsage, "cases": exitUsage, "cases --from 2026-01-01": exitUsage, "cases --from 1/1/2026 --to 2026-02-01": exitUsage,
		"cases --from 2026-02-01 --to 2026-01-01": exitUsage, "cases --from 2199-01-01 --to 2199-02-01": exitUsage,
		"responses --from 2026-01-01 --to 2026-02-01 --format pdf":         exitUsage,
		"cases --from 2026-01-01 --to 2026-02-01 --out " + file:            exitFailed, // there is nothing
		"responses --from 2026-01-01 --to 2026-02-01 --out /nowhere/x.csv": exitFailed,
	} {
		code, stdout, stderr := sipas(t, vars, append([]string{"export"}, strings.Fields(args)...)...)
		if code != want || stdout != "" || strings.Count(stderr, "\n") != 1 {
			t.Errorf("export %s: exit %d, want %d; %q %q", args, code, want, stdout, stderr)
		}
	}
	if _, err := os.Stat(file); err == nil {
		t.Error("a table of nothing has left a file")
	}
}
