package web

import "testing"

// TestScriptTextsAreToldApart: a script knows a text by the last part of its key,
// so two groups that share one would show now this text, now that.
func TestScriptTextsAreToldApart(t *testing.T) {
	l := locale{"js.a.x": "1", "js.b.x": "2", "js.b.y": "3", "survey.z": "4", "survey.zone": "5"}
	for _, c := range []struct {
		name  string
		names []string
		want  int // texts; 0: an error
	}{
		{"a group", []string{"js.b."}, 2},
		{"a key named whole is no prefix", []string{"survey.z"}, 1},
		{"a group and a key", []string{"js.b.", "survey.z"}, 3},
		{"two groups with one name", []string{"js.a.", "js.b."}, 0},
		{"a group and a key with one name", []string{"js.b.", "js.a.x"}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got, err := l.under(c.names...); len(got) != c.want || (err != nil) != (c.want == 0) {
				t.Errorf("%v, %v", got, err)
			}
		})
	}
}
