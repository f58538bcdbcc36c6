package catalogue_test

import (
	"encoding/json"
	"testing"

	"sipas/internal/catalogue"
)

func TestTextFallsBackToVietnamese(t *testing.T) {
	both, one := catalogue.Text{VI: "Đất đai", EN: "Land"}, catalogue.Text{VI: "Đất đai"}
	for _, tt := range []struct {
		text       catalogue.Text
		lang, want string
	}{{both, "vi", "Đất đai"}, {both, "en", "Land"}, {both, "fr", "Đất đai"}, {both, "", "Đất đai"}, {one, "en", "Đất đai"}} {
		if got := tt.text.In(tt.lang); got != tt.want {
			t.Errorf("%+v in %q = %q, want %q", tt.text, tt.lang, got, tt.want)
		}
	}
}

func TestPercent(t *testing.T) {
	for s, want := range map[string]catalogue.Percent{"90": 9000, "89.5": 8950, "89.05": 8905, "0": 0, "100": 10000, "0.01": 1} {
		got, err := catalogue.ParsePercent(s)
		if err != nil || got != want || got.String() != s {
			t.Errorf("ParsePercent(%q) = %d (%s), %v; want %d", s, got, got, err, want)
		}
		b, err := json.Marshal(got)
		if err != nil || string(b) != s {
			t.Errorf("JSON of %s is %s, %v", s, b, err)
		}
		var back catalogue.Percent
		if err := json.Unmarshal(b, &back); err != nil || back != got {
			t.Errorf("JSON %s reads as %s, %v", b, back, err)
		}
	}
	for _, bad := range []string{"", "90%", "90.", ".5", "89.555", "-1", "+1", "1e2", "0x5a", "9_0", "90,5", "1000000000000", "٩"} {
		if got, err := catalogue.ParsePercent(bad); err == nil {
			t.Errorf("ParsePercent(%q) = %d, want an error", bad, got)
		}
	}
}
