package dossier_test

import (
	"fmt"
	"testing"

	"sipas/internal/dossier"
)

func TestSampling(t *testing.T) {
	received := []dossier.Received{{Area: "dat-dai", Desk: "a", Dossiers: 1500}, {Area: "dat-dai", Desk: "b", Dossiers: 499}, {Area: "dat-dai", Desk: "", Dossiers: 1}, {Area: "moi-truong", Desk: "a", Dossiers: 3}}
	answered := []dossier.Answered{{Area: "dat-dai", Desk: "a", Responses: 300}, {Area: "dat-dai", Desk: "c", Responses: 10}, {Area: "xay-dung", Desk: "a", Responses: 7}}
	size := func(n int) int { return map[int]int{2000: 334, 3: 3}[n] }
	list := dossier.Sampling(received, answered, size)
	got := ""
	for _, s := range list {
		got += fmt.Sprintf("%s: %d of %d, %d missing", s.Area, s.Responses, s.Needed, s.Missing())
		for _, d := range s.Desks {
			got += fmt.Sprintf("; %s %d of %d, %d missing", d.Desk, d.Responses, d.Needed, d.Missing())
		}
		got += "\n"
	}
	want := "dat-dai: 310 of 334, 24 missing; a 300 of 251, 0 missing; b 0 of 83, 83 missing;  0 of 0, 0 missing\nmoi-truong: 0 of 3, 3 missing; a 0 of 3, 3 missing\n"
	if got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	if dossier.Sampling(nil, answered, size) != nil {
		t.Error("areas without dossiers")
	}
}
