package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestImportDossiers(t *testing.T) {
	dir := t.TempDir()
	vars := map[string]string{"SIPAS_DATA": filepath.Join(dir, "data")}
	if code, _, stderr := sipas(t, vars, "seed"); code != 0 {
		t.Fatal(stderr)
	}
	const head = "Mã hồ sơ;Mã TTHC;Ngày nhận;Hạn trả;Họ tên\n"
	for _, tt := range []struct {
		name, file     string
		code           int
		stdout, stderr string
	}{
		{"a list", head + "H1;1.012784;1/6/2025;20/6/2025;ZZNAME\n", 0, "1 created, 0 updated, 0 unchanged, 0 rejected\n", ""},
		{"again", head + "H1;1.012784;1/6/2025;20/6/2025;ZZNAME\n", 0, "0 created, 0 updated, 1 unchanged, 0 rejected\n", ""},
		{"a bad line", head + "H2;ZZNAME;1/6/2025;20/6/2025;\nH3;1.012784;1/6/2025;20/6/2025;\n", 1, "1 created, 0 updated, 0 unchanged, 1 rejected\n",
			"row 2: procedure: The catalogue has no procedure “…”. Check the code, or add the procedure to the catalogue and load the list again\nsipas: 1 rows were not taken in; mend them and import the file again\n"},
		{"no list", "xin chào", 2, "", "None of the first 10 lines has headings"},
		{"a column too few", "Mã hồ sơ;Mã TTHC;Ngày nhận\nH1;1.012784;1/6/2025\n", 2, "", "dueOn: "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			file := filepath.Join(dir, "ho so.csv")
			if err := os.WriteFile(file, []byte(tt.file), 0o600); err != nil {
				t.Fatal(err)
			}
			code, stdout, stderr := sipas(t, vars, "import", "dossiers", file)
			if code != tt.code || stdout != tt.stdout || tt.code != 2 && stderr != tt.stderr || !strings.Contains(stderr, tt.stderr) {
				t.Errorf("exit %d\n%s\n%s", code, stdout, stderr)
			}
			if strings.Contains(stdout+stderr, "ZZNAME") {
				t.Error("what stands in a cell is shown")
			}
		})
	}
	for _, args := range [][]string{{"import"}, {"import", "cases", "x"}, {"import", "dossiers"}, {"import", "dossiers", filepath.Join(dir, "not there.csv")}} {
		if code, _, stderr := sipas(t, vars, args...); code != 2 || stderr == "" {
			t.Errorf("%v: exit %d, %q", args, code, stderr)
		}
	}
	if code, stdout, _ := sipas(t, vars, "import", "-h"); code != 0 || !strings.Contains(stdout, "dossiers FILE.csv|.xlsx") {
		t.Errorf("help: %d %s", code, stdout)
	}
}
