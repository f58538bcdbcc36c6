package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"sipas/internal/catalogue"
	"sipas/internal/staff"
	"sipas/survey"
)

// verifyCommand recomputes every sealed day from the stored answers. The first
// thing that is wrong is one line on standard error, and exit code 1.
func verifyCommand(ctx context.Context, env environment, args []string) error {
	f := flag.NewFlagSet("verify", flag.ContinueOnError)
	kept := f.String("seal", "", "")
	lines := f.String("lines", "", "")
	if err := parseFlags(f, args); err != nil {
		return err
	}
	var seals []survey.Seal
	if *kept != "" {
		var err error
		if seals, err = readSeals(*kept); err != nil {
			return err
		}
	}
	var each func(survey.Seal, []string) error
	if *lines != "" {
		w, err := newLineWriter(*lines)
		if err != nil {
			return err
		}
		each = w.day
	}
	return withStores(ctx, env, func(_ config, s *stores) error {
		if err := s.survey.Reload(ctx); err != nil {
			return err
		}
		v, err := s.survey.Verify(ctx, seals, each)
		if err != nil {
			return err
		}
		if err := recorded(ctx, s.staff, v.Blanked); err != nil {
			return err
		}
		if v.Days == 0 {
			fmt.Fprintln(env.stdout, "no day is sealed yet")
			return nil
		}
		fmt.Fprintf(env.stdout, "verified %d days with %d answers (%d of them came late) up to %s\nseal %s\n", v.Days, v.Responses, v.Late, v.Last.Date, v.Last.Seal)
		return nil
	})
}

// recorded looks for the entry that goes before every blanking. Without one the
// text is another one that somebody has marked as blanked.
func recorded(ctx context.Context, log *staff.Store, blanked []survey.Blanked) error {
	for _, b := range blanked {
		filter := staff.EntryFilter{Action: "comment.blank", Object: "comment/" + b.Comment}
		entries, _, err := log.Entries(ctx, filter, 1, "")
		if err != nil {
			return err
		}
		if len(entries) == 0 {
			return &survey.Broken{Day: b.Day, Fault: survey.FaultText, Response: b.Response, Detail: "it says that something was blanked, and the audit log has no entry of that"}
		}
	}
	return nil
}

// sealFile is a seal as GET /api/v1/seals/{date} answers it; a list of them is
// what GET /api/v1/seals answers.
type sealFile struct {
	Date      catalogue.Date `json:"date"`
	Responses int            `json:"responses"`
	Root      string         `json:"root"`
	Previous  string         `json:"previous"`
	Restores  []string       `json:"restores,omitempty"`
	Seal      string         `json:"seal"`
}

func readSeals(file string) ([]survey.Seal, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, usagef("verify --seal: %v", err)
	}
	var one sealFile
	var list struct {
		Items []sealFile `json:"items"`
	}
	if err := json.Unmarshal(b, &list); err != nil {
		return nil, usagef("verify --seal %s: not a seal as the interface answers it: %v", file, err)
	}
	if err := json.Unmarshal(b, &one); err == nil && one.Seal != "" {
		list.Items = append(list.Items, one)
	}
	var seals []survey.Seal
	for _, s := range list.Items {
		if len(s.Seal) != 64 || !s.Date.Valid() {
			return nil, usagef("verify --seal %s: a seal without a date or with a value that is none", file)
		}
		seals = append(seals, survey.Seal{Date: s.Date, Seal: s.Seal})
	}
	if len(seals) == 0 {
		return nil, usagef("verify --seal %s: there is no seal in it", file)
	}
	return seals, nil
}

// lineWriter leaves the canonical lines of every day, and the seals, in a
// folder: what docs/verify_seals.py reads.
type lineWriter struct{ dir string }

func newLineWriter(dir string) (*lineWriter, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, usagef("verify --lines: %v", err)
	}
	return &lineWriter{dir}, nil
}

func (w *lineWriter) day(s survey.Seal, lines []string) error {
	text := strings.Join(lines, "\n")
	if text != "" {
		text += "\n"
	}
	if err := os.WriteFile(filepath.Join(w.dir, string(s.Date)+".txt"), []byte(text), 0o600); err != nil {
		return fmt.Errorf("write lines: %w", err)
	}
	b, err := json.Marshal(sealFile{s.Date, s.Responses, s.Root, s.Previous, s.Restores, s.Seal})
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(w.dir, string(s.Date)+".json"), append(b, '\n'), 0o600); err != nil {
		return fmt.Errorf("write seal: %w", err)
	}
	return nil
}
