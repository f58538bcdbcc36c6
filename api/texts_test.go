package api_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"sipas/feedback"
	"sipas/survey"
	"sipas/web"
)

// TestEveryCodeHasItsSentence reads the sources for the codes of failures and
// fields that can reach people, and looks each up in both languages.
func TestEveryCodeHasItsSentence(t *testing.T) {
	pages, err := web.New()
	if err != nil {
		t.Fatal(err)
	}
	keys := map[string]bool{}
	sentinel := regexp.MustCompile(`fault\.New\(fault\.\w+, "(\w+)"\)`)
	field := regexp.MustCompile(`(?:bad|f)\.Add\([^,]+, "(\w+)"[,)]`)
	code := regexp.MustCompile(`Code\w+\s+= "(\w+)"`)
	file := regexp.MustCompile(`errors\.New\("(file_\w+)"\)`)
	warning := regexp.MustCompile(`"((?:block|factor|criterion|question)_\w+)"`)
	for _, dir := range []string{".", "../survey", "../feedback", "../internal/staff", "../internal/signon", "../internal/store", "../internal/catalogue", "../internal/improve"} {
		names, err := filepath.Glob(dir + "/*.go")
		if err != nil || len(names) == 0 {
			t.Fatal(dir, err)
		}
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			b, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range sentinel.FindAllStringSubmatch(string(b), -1) {
				if !slices.Contains([]string{"document_refused", "questionnaire_frozen"}, m[1]) { // never leave the process
					keys["problem."+m[1]], keys["problem."+m[1]+".detail"] = true, true
				}
			}
			if strings.HasSuffix(name, "warnings.go") {
				for _, m := range warning.FindAllStringSubmatch(string(b), -1) {
					keys["warning."+m[1]] = true
				}
				continue
			}
			for _, pattern := range []*regexp.Regexp{field, code, file} {
				for _, m := range pattern.FindAllStringSubmatch(string(b), -1) {
					keys["field."+m[1]] = true
				}
			}
		}
	}
	keys["field.roman"], keys["field.number"] = true, true // of ids, handed on
	for _, kind := range []string{"text", "number", "object"} {
		keys["field.type_"+kind] = true
	}
	for _, channel := range []survey.Channel{survey.ChannelPhone, survey.ChannelKiosk, survey.ChannelPaper} {
		keys["value.channel."+string(channel)] = true
	}
	for _, why := range []feedback.Why{
		feedback.WhyReceipt, feedback.WhyAcceptance, feedback.WhyReopening, feedback.WhySaturday, feedback.WhySunday,
		feedback.WhyHoliday, feedback.WhyPaused, feedback.WhyCounted, feedback.WhyMakeup, feedback.WhyMoved,
	} {
		keys["why."+string(why)] = true
	}
	keys["problem.invalid"], keys["problem.internal"], keys["method."+survey.Method.ID] = true, true, true
	if len(keys) < 50 {
		t.Fatalf("only %d keys found in the sources: %v", len(keys), keys)
	}
	for key := range keys {
		for _, lang := range web.Languages() {
			if pages.Text(lang, key) == key {
				t.Errorf("%s: no text in %s", key, lang)
			}
		}
	}
}
