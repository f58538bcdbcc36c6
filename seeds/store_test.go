package seeds_test

import (
	"context"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"sipas/internal/catalogue"
	"sipas/internal/store"
	"sipas/seeds"
)

// stocked returns a real store with the shipped catalogue in it.
func stocked(t *testing.T) *catalogue.Store {
	t.Helper()
	s, err := store.OpenSQLite(t.TempDir() + "/x.db")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close(context.Background()) })
	c, err := catalogue.Open(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Merge(t.Context(), load(t).Rows); err != nil {
		t.Fatal(err)
	}
	return c
}

// write makes files in a folder of their own, in which the test then works, so
// that messages have short names.
func write(t *testing.T, files map[string]string) {
	t.Helper()
	t.Chdir(t.TempDir())
	for name, text := range files {
		if err := os.WriteFile(filepath.FromSlash(name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func TestLoadingTwiceChangesNothing(t *testing.T) {
	c := stocked(t)
	before, err := c.Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	change, err := c.Merge(t.Context(), load(t).Rows)
	if err != nil || change.Added != 0 || change.Unchanged != 73 || change.Differ != nil {
		t.Errorf("%+v, %v", change, err)
	}
	after, err := c.Load(t.Context())
	if err != nil || !reflect.DeepEqual(before, after) {
		t.Errorf("the catalogue has changed: %v", err)
	}
}

func TestRenameByFile(t *testing.T) {
	c := stocked(t)
	write(t, map[string]string{"ten-moi.yaml": `
units:
  - id: van-phong-so
    name: {vi: Văn phòng Sở Nông nghiệp và Môi trường, en: Office of the Department}
    from: 2025-03-01
    source: Quyết định của Ủy ban nhân dân tỉnh
`})
	d, err := seeds.Read("ten-moi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if change, err := c.Merge(t.Context(), d.Rows); err != nil || change.Added != 1 || change.Differ != nil {
		t.Fatalf("%+v, %v", change, err)
	}
	now, err := c.Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for day, want := range map[catalogue.Date]string{"2025-02-28": "Văn phòng Sở", "2025-03-01": "Văn phòng Sở Nông nghiệp và Môi trường"} {
		if u, _ := now.Unit("van-phong-so", day); u.Name.VI != want {
			t.Errorf("on %s it is called %q", day, u.Name.VI)
		}
	}
	if second := now.Units("2026-01-01")[1].ID; second != "van-phong-so" {
		t.Errorf("the unit after the department is now %s", second)
	}
	if change, err := c.Merge(t.Context(), load(t).Rows); err != nil || change.Added != 0 || change.Differ != nil {
		t.Errorf("the shipped files after a rename: %+v, %v", change, err)
	}
}

func TestConflictIsALineOfTheFile(t *testing.T) {
	c := stocked(t)
	write(t, map[string]string{"sua.yaml": `
areas:
  - id: dat-dai
    name: {vi: Đất, en: Soil}
    from: 2023-08-04
    source: khác
`})
	d, err := seeds.Read("sua.yaml")
	if err != nil {
		t.Fatal(err)
	}
	change, err := c.Merge(t.Context(), d.Rows)
	if err != nil || len(change.Differ) != 1 {
		t.Fatalf("%+v, %v", change, err)
	}
	const want = `sua.yaml:3: area "dat-dai" from 2023-08-04 is in the store with another name.vi, name.en, source; a change is a new row with a later from`
	if got := d.Conflict(change.Differ[0]).Error(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	now, err := c.Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if a, _ := now.Area("dat-dai", "2026-01-01"); a.Name.VI != "Đất đai" {
		t.Errorf("the area is called %q", a.Name.VI)
	}
}

// What a new version ships beside rows that the office has otherwise is loaded,
// and what is wrong in the rest is still said about the right line.
func TestWithoutConflicts(t *testing.T) {
	c := stocked(t)
	const text = `areas:
  - {id: dat-dai, name: {vi: Đất, en: Soil}, from: 2023-08-04, source: khác}
  - {id: rung, name: {vi: Rừng, en: Forests}, from: 2025-03-01, source: mới}
procedures:
  - {id: vi-du-dau-tu, name: {vi: Khác, en: Other}, area: dau-tu, from: 2023-08-04, source: khác}
  - {id: vi-du-rung, name: {vi: Ví dụ, en: Example}, area: rung, from: 2025-03-01, source: mới}
`
	write(t, map[string]string{"moi.yaml": text, "sai.yaml": strings.Replace(text, "area: rung", "area: nui", 1)})
	merge := func(d seeds.Data) (catalogue.Change, error) {
		change, err := c.Merge(t.Context(), d.Rows)
		if err != nil || len(change.Differ) != 2 || change.Added != 2 {
			t.Fatalf("%+v, %v", change, err)
		}
		return c.Merge(t.Context(), d.Without(change.Differ).Rows)
	}

	bad, err := seeds.Read("sai.yaml")
	if err != nil {
		t.Fatal(err)
	}
	change, err := c.Merge(t.Context(), bad.Rows)
	if err != nil {
		t.Fatal(err)
	}
	rest := bad.Without(change.Differ)
	_, err = c.Merge(t.Context(), rest.Rows)
	if err == nil {
		t.Fatal("a reference to nothing was taken")
	}
	if got, want := rest.Explain(err).Error(), `sai.yaml:6: area: there is no area "nui"`; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}

	good, err := seeds.Read("moi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if change, err := merge(good); err != nil || change.Added != 2 || change.Differ != nil {
		t.Errorf("%+v, %v", change, err)
	}
}

func TestReferencesToTheStore(t *testing.T) {
	c := stocked(t)
	for _, tt := range []struct{ name, file, want string }{
		{"good", `
procedures:
  - id: "1.999999"
    name: {vi: Thủ tục mới, en: New procedure}
    area: moi-truong
    unit: van-phong-so
    from: 2026-01-01
    source: x
`, ""},
		{"unknown area", `
procedures:
  - id: "1.999998"
    name: {vi: Thủ tục mới, en: New procedure}
    area: mau-sac
    from: 2026-01-01
    source: x
`, `f.yaml:5: area: there is no area "mau-sac"`},
		{"area not yet there", `
targets:
  - {id: cu, measure: satisfaction, area: moi-truong, value: 80, from: 2020-01-01, to: 2021-01-01, source: x}
`, `f.yaml:3: area: there is no area "moi-truong" on 2020-01-01`},
		{"days that a stored row has", `
areas:
  - {id: dat-dai, name: {vi: Đất, en: Land}, from: 2020-01-01, to: 2024-01-01, source: x}
`, `f.yaml:3: has days in common with the store`},
		{"second target for the same", `
targets:
  - {id: rieng, measure: satisfaction, area: dat-dai, value: 80, from: 2026-01-01, source: x}
`, `f.yaml:3: has days in common with the store`},
		{"an end that the store cannot have", `
units:
  - {id: bo-phan-mot-cua, name: {vi: Một cửa, en: Desk}, from: 2026-01-01, to: 2026-06-30, source: x}
`, `f.yaml:3: in the store, desks.bo-phan-mot-cua.unit: there is no unit "bo-phan-mot-cua" on 2026-07-01
f.yaml:3: in the store, desks.quay-moi-truong-tai-nguyen.unit: there is no unit "bo-phan-mot-cua" on 2026-07-01
f.yaml:3: in the store, desks.quay-tra-ket-qua.unit: there is no unit "bo-phan-mot-cua" on 2026-07-01`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			write(t, map[string]string{"f.yaml": tt.file})
			d, err := seeds.Read("f.yaml")
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			if _, err := c.Merge(t.Context(), d.Rows); err != nil {
				got = d.Explain(err).Error()
			}
			if got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}
