package seeds_test

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"sipas/seeds"
)

const area = `areas:
  - id: dat-dai
    name: {vi: Đất đai, en: Land}
    from: 2023-08-04
    source: Kế hoạch
`

const form = `questionnaire:
  id: thu
  version: 1
  block: service
  name: {vi: Phiếu, en: Form}
  from: 2023-08-04
  source: Kế hoạch
  factors:
    - id: I
      name: {vi: Một, en: One}
      judges: desk
      criteria:
        - id: 15
          text: {vi: Hai, en: Two}
  extra:
    - id: cho
      text: {vi: Chờ, en: Wait}
      options:
        - {id: "1", text: {vi: Ba, en: Three}}
        - {id: 4+, text: {vi: Bốn, en: Four}}
`

const year = `calendar:
  - year: 2026
    version: 1
    complete: true
    off:
      - {name: {vi: Quốc khánh, en: National Day}, from: 2026-08-29, to: 2026-09-02, source: x}
    makeup:
      - {on: 2026-08-22, for: 2026-08-31, source: x}
`

const term = `terms:
  - id: tra-loi
    name: {vi: Trả lời, en: Answering}
    kind: petition
    stage: resolve
    days: 15
    counts: working
    starts: receipt
    extensions:
      - {days: 15, name: {vi: Phức tạp, en: Complex}}
    from: 2023-08-04
    source: x
`

// swap replaces once, and fails the test when there is nothing to replace.
func swap(t *testing.T, s, old, new string) string {
	t.Helper()
	if !strings.Contains(s, old) {
		t.Fatalf("no %q", old)
	}
	return strings.Replace(s, old, new, 1)
}

func TestMistakes(t *testing.T) {
	for _, tt := range []struct{ name, base, old, new, want string }{
		{"unknown kind", area, "areas:", "zones:", `f.yaml:1: unknown key "zones"; known are areas, units, desks, procedures, targets, questionnaire, calendar, terms, improvements, retention`},
		{"unknown key", area, "source:", "soure:", `f.yaml:2: source: is missing
f.yaml:5: unknown key "soure"; known are id, name, from, to, source, confirmed`},
		{"key twice", area, "    from:", "    id: xay-dung\n    from:", `f.yaml:4: key "id" is given twice`},
		{"key that is no word", area, "    from:", "    12: b\n    from:", `f.yaml:4: "12" is not a key that is known here`},
		{"list of kinds", area, "areas:", "- areas:", `f.yaml:1: must be a mapping (key: value)`},
		{"no list", area, "  - id:", "    id:", `f.yaml:1: areas: must be a list (- …)`},
		{"row that is a word", area, "  - id:", "  - đất\n  - id:", `f.yaml:2: must be a mapping (key: value)`},
		{"row that is nothing", area, "  - id:", "  -\n  - id:", `f.yaml:2: must be a mapping (key: value)`},
		{"no id", area, "- id: dat-dai\n    name", "- name", `f.yaml:2: id: is missing`},
		{"id with diacritics", area, "dat-dai", "đất-đai", `f.yaml:2: id: "đất-đai" is not a name of lower-case letters (a to z), digits and hyphens`},
		{"long id", area, "dat-dai", strings.Repeat("a", 65), `f.yaml:2: id: "` + strings.Repeat("a", 40) + `…" is not a name of lower-case letters (a to z), digits and hyphens`},
		{"id that is a list", area, "dat-dai", "[dat-dai]", `f.yaml:2: id: must be a text; write it in quotes`},
		{"no name", area, "    name: {vi: Đất đai, en: Land}\n", "", `f.yaml:2: name.vi: is missing
f.yaml:2: name.en: is missing`},
		{"no English", area, ", en: Land", "", `f.yaml:3: name.en: is missing`},
		{"no Vietnamese", area, "vi: Đất đai, ", "", `f.yaml:3: name.vi: is missing`},
		{"another language", area, "en: Land", "en: Land, fr: Terre", `f.yaml:3: name: unknown key "fr"; known are vi, en`},
		{"name in one language", area, "{vi: Đất đai, en: Land}", "Đất đai", `f.yaml:3: name: must be a mapping (key: value)`},
		{"name that is a number", area, "en: Land", "en: 12", `f.yaml:3: name.en: must be a text; write it in quotes`},
		{"name that is a truth", area, "en: Land", "en: true", `f.yaml:3: name.en: must be a text; write it in quotes`},
		{"space at an end", area, "en: Land", `en: "Land "`, `f.yaml:3: name.en: must be one line without spaces at its ends, and not too long`},
		{"two lines", area, "{vi: Đất đai, en: Land}", "\n      vi: Đất đai\n      en: |\n        a\n        b", `f.yaml:5: name.en: must be one line without spaces at its ends, and not too long`},
		{"no such day", area, "2023-08-04", "2023-02-30", `f.yaml:4: from: "2023-02-30" is not a day written YYYY-MM-DD`},
		{"day as people write it", area, "2023-08-04", "04/8/2023", `f.yaml:4: from: "04/8/2023" is not a day written YYYY-MM-DD`},
		{"year alone", area, "2023-08-04", "2023", `f.yaml:4: from: "2023" is not a day written YYYY-MM-DD`},
		{"no day", area, " 2023-08-04", "", `f.yaml:4: from: is missing`},
		{"ends before it begins", area, "    source", "    to: 2023-08-03\n    source", `f.yaml:5: to: is before from`},
		{"confirmed in words", area, "    source", "    confirmed: yes\n    source", `f.yaml:5: confirmed: must be true or false`},
		{"anchor", area, "en: Land", "en: &a Land", `f.yaml:3: name.en: anchors and aliases (& and *) are not allowed`},
		{"alias", area, "vi: Đất đai", "vi: *a", `f.yaml:3: name.vi: anchors and aliases (& and *) are not allowed`},
		{"merge", area, "    from:", "    <<: {id: x}\n    from:", `f.yaml:4: "<<" is not a key that is known here`},
		{"tag", area, "en: Land", "en: !!str Land", `f.yaml:3: name.en: tags (!) are not allowed`},
		{"same row twice", area + strings.TrimPrefix(area, "areas:\n"), "", "", `f.yaml:6: is already in f.yaml:2`},
		{"overlap", area + swapped(strings.TrimPrefix(area, "areas:\n"), "2023-08-04", "2024-01-01"), "source", "to: 2024-01-01\n    source", `f.yaml:7: has days in common with f.yaml:2`},
		{"not YAML", area, "{vi: Đất đai, en: Land}", "{vi: Đất đai", `f.yaml:4: not YAML: ',' or '}' must be specified`},
		{"quotes that do not end", area, "Land}", `"Land}`, `f.yaml:3: not YAML: could not find end character of double-quoted text`},
		{"tab", area, "    from", "\tfrom", `f.yaml:4: not YAML: found character '\t' that cannot start any token`},
		{"second document", area, "areas:", "units: []\n---\nareas:", `f.yaml:3: a second document (---) is not allowed`},

		{"no measure", "targets:\n  - {id: a, value: 90, from: 2023-08-04, source: x}\n", "", "", `f.yaml:2: measure: is missing`},
		{"unknown measure", "targets:\n  - {id: a, measure: joy, value: 90, from: 2023-08-04, source: x}\n", "", "", `f.yaml:2: measure: "joy" is none of satisfaction, on-time, apology, feedback`},
		{"no value", "targets:\n  - {id: a, measure: apology, from: 2023-08-04, source: x}\n", "", "", `f.yaml:2: value: is missing`},
		{"value in words", "targets:\n  - {id: a, measure: apology, value: 90%, from: 2023-08-04, source: x}\n", "", "", `f.yaml:2: value: must be a percentage such as 90 or 89.5`},
		{"three decimals", "targets:\n  - {id: a, measure: apology, value: 89.999, from: 2023-08-04, source: x}\n", "", "", `f.yaml:2: value: must be a percentage such as 90 or 89.5`},
		{"above 100", "targets:\n  - {id: a, measure: apology, value: 100.01, from: 2023-08-04, source: x}\n", "", "", `f.yaml:2: value: must be from 0 to 100`},
		{"below 0", "targets:\n  - {id: a, measure: apology, value: -1, from: 2023-08-04, source: x}\n", "", "", `f.yaml:2: value: must be a percentage such as 90 or 89.5`},
		{"desk without unit", "desks:\n  - {id: a, name: {vi: a, en: b}, from: 2023-08-04, source: x}\n", "", "", `f.yaml:2: unit: is missing`},
		{"procedure without area", "procedures:\n  - {id: 1.012780, name: {vi: a, en: b}, from: 2023-08-04, source: x}\n", "", "", `f.yaml:2: area: is missing`},
		{"local code", "procedures:\n  - {id: 1.012780.H50, area: a, name: {vi: a, en: b}, from: 2023-08-04, source: x}\n", "", "", `f.yaml:2: id: "1.012780.H50" is not a name of lower-case letters (a to z), digits and hyphens`},
		{"example in words", "procedures:\n  - {id: 1.012780, area: a, example: phải, name: {vi: a, en: b}, from: 2023-08-04, source: x}\n", "", "", `f.yaml:2: example: must be true or false`},

		{"questionnaire as a list", form, "questionnaire:\n  id", "questionnaire:\n- id", `f.yaml:2: must be a mapping (key: value)`},
		{"questionnaire without anything", "questionnaire: {}\n", "", "", `f.yaml:1: id: is missing
f.yaml:1: version: must be from 1 to 9999
f.yaml:1: name.vi: is missing
f.yaml:1: name.en: is missing
f.yaml:1: block: must be service or policy
f.yaml:1: from: is missing
f.yaml:1: source: is missing
f.yaml:1: factors: has fewer than 1`},
		{"version in words", form, "version: 1", "version: một", `f.yaml:3: version: must be a whole number`},
		{"version 0", form, "version: 1", "version: 0", `f.yaml:3: version: must be from 1 to 9999`},
		{"unknown block", form, "service", "dich-vu", `f.yaml:4: block: must be service or policy`},
		{"policy factor without P", form, "service", "policy", `f.yaml:9: id: "I" is not a Roman number such as "III" (in the policy block "P-III")`},
		{"factor by number", form, "id: I\n", "id: 1\n", `f.yaml:9: id: "1" is not a Roman number such as "III" (in the policy block "P-III")`},
		{"unknown judge", form, "judges: desk", "judges: citizen", `f.yaml:11: judges: must be desk or unit, or left out`},
		{"no criteria", form, "criteria:\n        - id: 15\n          text: {vi: Hai, en: Two}\n", "criteria: []\n", `f.yaml:12: criteria: has fewer than 1`},
		{"criterion 0", form, "id: 15", "id: 0", `f.yaml:13: id: "0" is not a number from 1 to 99`},
		{"criterion twice", form, "  extra:", "        - id: 15\n          text: {vi: Ba, en: Three}\n  extra:", `f.yaml:15: id: is already in f.yaml:13`},
		{"not applicable in one language", form, "text: {vi: Hai, en: Two}", "text: {vi: Hai, en: Two}\n          na: {vi: Không}", `f.yaml:15: na.en: is missing`},
		{"one option", form, "        - {id: 4+, text: {vi: Bốn, en: Four}}\n", "", `f.yaml:18: options: has fewer than 2`},
		{"option twice", form, "4+", "1", `f.yaml:20: id: is already in f.yaml:19`},
		{"year without anything", "calendar: [{}]\n", "", "", `f.yaml:1: year: must be from 2000 to 2200
f.yaml:1: version: must be from 1 to 1000`},
		{"year of two digits", year, "year: 2026", "year: 26", `f.yaml:2: year: must be from 2000 to 2200
f.yaml:6: from: is not in 26
f.yaml:6: to: is not in 26
f.yaml:8: on: is not in 26`},
		{"no version", year, "    version: 1\n", "", `f.yaml:2: version: must be from 1 to 1000`},
		{"day off of another year", year, "2026-09-02", "2027-09-02", `f.yaml:6: to: is not in 2026`},
		{"day off that ends before it begins", year, "to: 2026-09-02", "to: 2026-08-01", `f.yaml:6: to: is before from
f.yaml:8: for: does not fit the days off of the year`},
		{"day off without name and source", year, "name: {vi: Quốc khánh, en: National Day}, from: 2026-08-29, to: 2026-09-02, source: x", "from: 2026-08-29, to: 2026-09-02",
			`f.yaml:6: name.vi: is missing
f.yaml:6: name.en: is missing
f.yaml:6: source: is missing`},
		{"days off twice", year, "    makeup:", "      - {name: {vi: Bão, en: Storm}, from: 2026-09-02, source: x}\n    makeup:", `f.yaml:7: has days in common with f.yaml:6`},
		{"make-up day in the week", year, "on: 2026-08-22", "on: 2026-08-21", `f.yaml:8: on: is not a Saturday or Sunday`},
		{"make-up day that is off", year, "on: 2026-08-22", "on: 2026-08-29", `f.yaml:8: on: does not fit the days off of the year`},
		{"make-up day for a working day", year, "for: 2026-08-31", "for: 2026-08-28", `f.yaml:8: for: does not fit the days off of the year`},
		{"same year twice", year + strings.TrimPrefix(year, "calendar:\n"), "", "", `f.yaml:9: 2026@1 is already in f.yaml:2; a change is a new version`},
		{"term without anything", term, term, "terms:\n  - {days: 0}\n", `f.yaml:2: id: "" is not a name of lower-case letters (a to z), digits and hyphens
f.yaml:2: name.vi: is missing
f.yaml:2: name.en: is missing
f.yaml:2: source: is missing
f.yaml:2: kind: is missing
f.yaml:2: stage: is missing
f.yaml:2: counts: is missing
f.yaml:2: starts: is missing
f.yaml:2: days: must be from 1 to 366
f.yaml:2: from: is missing`},
		{"unknown kind of case", term, "petition", "kien-nghi", `f.yaml:4: kind: "kien-nghi" is none of petition, complaint, denunciation, question, praise`},
		{"unknown way of counting", term, "working", "weeks", `f.yaml:7: counts: "weeks" is none of working, calendar`},
		{"registering counted from acceptance", term, "stage: resolve\n    days: 15\n    counts: working\n    starts: receipt", "stage: register\n    days: 15\n    counts: working\n    starts: acceptance",
			`f.yaml:8: starts: "acceptance" is none of receipt`},
		{"extension without days", term, "{days: 15, ", "{", `f.yaml:10: days: must be from 1 to 366`},
		{"same term twice", term + strings.TrimPrefix(term, "terms:\n"), "", "", `f.yaml:13: tra-loi@2023-08-04 is already in f.yaml:2; a change is a new row with a later from`},
		{"option by words", form, "4+", "Bốn", `f.yaml:20: id: "Bốn" is not a name of lower-case letters (a to z), digits and hyphens`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			text := tt.base
			if tt.old != "" {
				text = swap(t, tt.base, tt.old, tt.new)
			}
			write(t, map[string]string{"f.yaml": text})
			_, err := seeds.Read("f.yaml")
			if err == nil {
				t.Fatal("no error")
			}
			if got := err.Error(); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func swapped(s, old, new string) string { return strings.Replace(s, old, new, 1) }

func TestMistakesOverSeveralFiles(t *testing.T) {
	write(t, map[string]string{"b.yaml": area, "a.yaml": "\n" + area + "x: 1\n", "c.yaml": form, "d.yaml": "# lại\n" + form})
	_, err := seeds.Read("b.yaml", "a.yaml", "c.yaml", "d.yaml", "missing.yaml", ".")
	const want = `a.yaml:3: is already in b.yaml:2
a.yaml:7: unknown key "x"; known are areas, units, desks, procedures, targets, questionnaire, calendar, terms, improvements, retention
d.yaml:3: thu@1 is already in c.yaml:2; a change is a new version
missing.yaml:1: open: no such file or directory
.:1: read: is a directory`
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

func TestFilesOfAllEditors(t *testing.T) {
	for name, text := range map[string]string{
		"Windows":      strings.ReplaceAll(area, "\n", "\r\n"),
		"old Mac":      strings.ReplaceAll(area, "\n", "\r"),
		"BOM":          "\ufeff" + area,
		"all of it":    "\ufeff" + strings.ReplaceAll(norm.NFD.String(area), "\n", "\r\n"),
		"decomposed":   norm.NFD.String(area),
		"no last line": strings.TrimSuffix(area, "\n"),
		"marks":        "---\n" + area + "...\n",
		"comments":     "# đầu\n" + area + "# cuối\n",
		"quoted":       strings.Replace(area, "dat-dai", `"dat-dai"`, 1),
		"folded":       strings.Replace(area, "{vi: Đất đai, en: Land}", "\n      vi: >-\n        Đất\n        đai\n      en: Land", 1),
	} {
		t.Run(name, func(t *testing.T) {
			write(t, map[string]string{"f.yaml": text})
			d, err := seeds.Read("f.yaml")
			if err != nil {
				t.Fatal(err)
			}
			if a := d.Rows.Areas; len(a) != 1 || a[0].Name.VI != "Đất đai" || a[0].ID != "dat-dai" || a[0].Order != 1 {
				t.Errorf("%+v", a)
			}
		})
	}
}

func TestCodesKeepTheirZeros(t *testing.T) {
	write(t, map[string]string{"f.yaml": "procedures:\n  - {id: 1.012780, area: a, name: {vi: a, en: b}, from: 2023-08-04, source: x}\n"})
	d, err := seeds.Read("f.yaml")
	if err != nil || d.Rows.Procedures[0].ID != "1.012780" {
		t.Errorf("%+v, %v", d.Rows.Procedures, err)
	}
}

func TestRefusedFiles(t *testing.T) {
	bomb := "areas:\n  - &a [x, x, x, x, x, x, x, x, x]\n"
	for i := range 9 {
		bomb += fmt.Sprintf("  - &%c [%s]\n", 'b'+i, strings.Repeat(fmt.Sprintf("*%c, ", 'a'+i), 9))
	}
	for _, tt := range []struct{ name, text, want string }{
		{"empty", "", "f.yaml:1: the file is empty"},
		{"only a comment", "# chưa có gì\n", "f.yaml:1: the file is empty"},
		{"10 MB", area + strings.Repeat("# "+strings.Repeat("x", 98)+"\n", 100_000), "f.yaml:1: the file is larger than 2 MiB"},
		{"Latin-1", area + "# \xe9\xe8\n", "f.yaml:6: this is not UTF-8 text; save the file as UTF-8"},
		{"UTF-16", "\xff\xfea\x00r\x00e\x00a\x00s\x00", "f.yaml:1: this is not UTF-8 text; save the file as UTF-8"},
		{"NUL", area + "# \x00\n", "f.yaml:6: the line has a control character"},
		{"escape", area + "# \x1b[31m\n", "f.yaml:6: the line has a control character"},
		{"long line", area + "# " + strings.Repeat("x", 10_000), "f.yaml:6: the line is longer than 10,000 bytes"},
		{"deep", "areas:\n" + strings.Repeat("[\n", 101), "f.yaml:102: too many brackets are open"},
		{"wide", "areas:\n" + strings.Repeat("  a: 1\n", 1001), "f.yaml:1002: more than 1,000 entries in one mapping"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			write(t, map[string]string{"f.yaml": tt.text})
			_, err := seeds.Read("f.yaml")
			if err == nil || err.Error() != tt.want {
				t.Errorf("got  %v\nwant %s", err, tt.want)
			}
		})
	}
	t.Run("alias bomb", func(t *testing.T) {
		write(t, map[string]string{"f.yaml": bomb})
		_, err := seeds.Read("f.yaml")
		if err == nil || !strings.HasPrefix(err.Error(), "f.yaml:2: anchors and aliases (& and *) are not allowed\nf.yaml:3: anchors") {
			t.Errorf("got %v", err)
		}
	})
}

var errorLine = regexp.MustCompile(`^f\.yaml:[1-9][0-9]*: [^\x00-\x1f\x7f]+$`)

func FuzzRead(f *testing.F) {
	for _, s := range []string{area, form, "areas: [{id: a, name: {vi: a, en: b}, from: 2023-08-04, source: x}]", "targets:\n- value: 1\n", "a: *b", "? a", "- - -", "\"", "|", "%YAML", "!!binary a", "a: {b: [", "areas: >\n x"} {
		f.Add([]byte(s))
	}
	if err := os.Chdir(f.TempDir()); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if err := os.WriteFile("f.yaml", text, 0o644); err != nil {
			t.Fatal(err)
		}
		_, err := seeds.Read("f.yaml")
		if err == nil {
			return
		}
		for _, line := range strings.Split(err.Error(), "\n") {
			if !errorLine.MatchString(line) {
				t.Fatalf("%q", line)
			}
		}
	})
}
