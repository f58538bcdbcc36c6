package dossier_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sipas/internal/catalogue"
	"sipas/internal/dossier"
	"sipas/internal/fault"
	"sipas/internal/store"
)

type office struct {
	*dossier.Store
	t    *testing.T
	file string
	db   *store.Store
}

func open(t *testing.T) *office {
	t.Helper()
	o := &office{t: t, file: filepath.Join(t.TempDir(), "x.db")}
	o.reopen()
	t.Cleanup(func() { o.db.Close(context.Background()) })
	return o
}

func (o *office) reopen() {
	o.t.Helper()
	var err error
	if o.db, err = store.OpenSQLite(o.file); err != nil {
		o.t.Fatal(err)
	}
	if o.Store, err = dossier.OpenStore(o.t.Context(), o.db); err != nil {
		o.t.Fatal(err)
	}
}

func counts(out dossier.Outcome) string {
	return fmt.Sprintf("%d created, %d updated, %d unchanged, %d rejected", out.Created, out.Updated, out.Unchanged, out.RejectedCount)
}

func (o *office) do(what func(context.Context, dossier.Source, dossier.Columns) (dossier.Outcome, error), file string) dossier.Outcome {
	o.t.Helper()
	src, has := source(o.t, file)
	out, err := what(o.t.Context(), src, has)
	if err != nil {
		o.t.Fatal(err)
	}
	return out
}

// lines makes n lines from 0 on; those returned have the day.
func lines(n int, returned string) string {
	var b strings.Builder
	b.WriteString(head)
	for i := range n {
		fmt.Fprintf(&b, "H%05d;1.012784;quay-dat-dai;;1/6/2026;20/6/2026;%s;;;Nguyễn Văn %d ZZNAME\n", i, returned, i)
	}
	return b.String()
}

// TestImport: the preview tells what the import does; the same list again changes
// nothing; a list with news changes what is new.
func TestImport(t *testing.T) {
	o := open(t)
	first := lines(1200, "")
	for _, step := range []struct{ name, file, want string }{
		{"new", first + "bad;x;;;;;;;;\n", "1200 created, 0 updated, 0 unchanged, 1 rejected"},
		{"again", first, "0 created, 0 updated, 1200 unchanged, 0 rejected"},
		{"with news", lines(700, "21/6/2026") + "K1;1.012784;;;1/6/2026;20/6/2026;;;;\n", "1 created, 700 updated, 0 unchanged, 0 rejected"},
		{"and once more", lines(700, "21/6/2026"), "0 created, 0 updated, 700 unchanged, 0 rejected"},
	} {
		preview := o.do(o.Preview, step.file)
		src, has := source(t, step.file)
		out, err := o.ImportAsShown(t.Context(), src, has, preview.Digest)
		if err != nil {
			t.Fatal(err)
		}
		if counts(preview) != step.want || counts(out) != step.want {
			t.Errorf("%s: preview %s, import %s, want %s", step.name, counts(preview), counts(out), step.want)
		}
	}
	if d, err := o.Get(t.Context(), "h00699"); err != nil || d.ReturnedOn != "2026-06-21" || d.Unit != "van-phong-dang-ky-dat-dai" {
		t.Errorf("%+v %v", d, err)
	}
	if err := o.db.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, suffix := range []string{"", "-wal"} {
		if b, _ := os.ReadFile(o.file + suffix); strings.Contains(string(b), "ZZNAME") {
			t.Errorf("a name is in the store%s", suffix)
		}
	}
	o.reopen()
}

// TestImportThatIsCutOff is finished by sending the list again.
func TestImportThatIsCutOff(t *testing.T) {
	o := open(t)
	src, has := source(t, lines(1200, ""))
	cut := errors.New("cut off")
	n := 0
	_, err := o.Import(t.Context(), func(yield func(int, dossier.Dossier, fault.Fields) error) error {
		return src(func(line int, d dossier.Dossier, bad fault.Fields) error {
			if n++; n > 700 {
				return cut
			}
			return yield(line, d, bad)
		})
	}, has)
	if !errors.Is(err, cut) {
		t.Fatal(err)
	}
	if got := counts(o.do(o.Import, lines(1200, ""))); got != "700 created, 0 updated, 500 unchanged, 0 rejected" {
		t.Errorf("the second time: %s", got)
	}
}

// TestImportOfSomethingElseThanShown is refused.
func TestImportOfSomethingElseThanShown(t *testing.T) {
	o := open(t)
	preview := o.do(o.Preview, lines(3, ""))
	o.do(o.Import, lines(1, "21/6/2026"))
	src, has := source(t, lines(3, ""))
	out, err := o.ImportAsShown(t.Context(), src, has, preview.Digest)
	if !errors.Is(err, store.ErrStale) || counts(out) != "2 created, 1 updated, 0 unchanged, 0 rejected" {
		t.Errorf("%v %s", err, counts(out))
	}
	if _, err := o.Get(t.Context(), "H00002"); !errors.Is(err, dossier.ErrNone) {
		t.Errorf("something was stored all the same: %v", err)
	}
}

// TestWhatAListDoesNotSayStays, and an apology that was recorded here.
func TestWhatAListDoesNotSayStays(t *testing.T) {
	o := open(t)
	o.do(o.Import, head+"H1;1.012784;quay-dat-dai;phong-quan-ly-dat-dai;1/6/2026;20/6/2026;25/6/2026;Từ chối;;\n")
	d, err := o.Get(t.Context(), "H1")
	if err != nil {
		t.Fatal(err)
	}
	if d, err = d.Apologise("2026-06-19", "2026-06-26", today); err != nil {
		t.Fatal(err)
	}
	if err := o.Replace(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	if got := counts(o.do(o.Import, "Mã hồ sơ;Mã TTHC;Ngày nhận;Hạn trả\nH1;1.012784;1/6/2026;20/6/2026\n")); got != "0 created, 0 updated, 1 unchanged, 0 rejected" {
		t.Errorf("a short list: %s", got)
	}
	o.do(o.Import, head+"H1;1.012784;;;1/6/2026;20/6/2026;;;;\n")
	d, err = o.Get(t.Context(), "H1")
	if err != nil || d.ReturnedOn != "" || d.Desk != "" || d.ApologyOn != "2026-06-19" || d.PromisedOn != "2026-06-26" {
		t.Errorf("%+v %v", d, err)
	}
}

func TestFiguresAndLateOnes(t *testing.T) {
	o := open(t)
	o.do(o.Import, head+strings.Join([]string{
		"A1;1.012784;;;1/5/2026;20/5/2026;20/5/2026;;;",                // on time
		"A2;1.012784;;;1/5/2026;20/5/2026;21/5/2026;;;",                // late
		"A3;1.012784;;;1/5/2026;20/5/2026;1/6/2026;;19/5/2026;",        // late, returned in June, apologised
		"A4;1.012784;;;1/6/2026;20/6/2026;;;;",                         // overdue
		"A5;1.012784;;;1/6/2026;30/6/2026;;;;",                         // due today
		"A6;1.010727;;;1/6/2026;20/6/2026;10/6/2026;;;",                // another area
		"A7;1.012784;;;1/6/2026;20/6/2026;;Rút hồ sơ;;",                // withdrawn
		"A8;1.012784;;;1/1/2026;20/1/2026;20/3/2026;Từ chối;2/3/2026;", // before the period
	}, "\n")+"\n")
	ctx := t.Context()
	table, err := o.Figures(ctx, dossier.Query{From: "2026-05-01", To: "2026-06-30", By: dossier.ByMonth}, today)
	if err != nil {
		t.Fatal(err)
	}
	show := func(f dossier.Figure) string {
		return fmt.Sprintf("%s: %d of %d on time, %d late, %d overdue, %d running, %d withdrawn, %d apologised, %d not", f.Key, f.OnTime, f.Closed(), f.Late, f.Overdue, f.Running, f.Withdrawn, f.Apologised(), f.Unapologised())
	}
	got := show(table.Overall)
	for _, g := range table.Groups {
		got += "\n" + show(g)
	}
	want := `: 2 of 4 on time, 2 late, 1 overdue, 1 running, 1 withdrawn, 1 apologised, 2 not
2026-05: 1 of 2 on time, 1 late, 0 overdue, 0 running, 0 withdrawn, 0 apologised, 1 not
2026-06: 1 of 2 on time, 1 late, 1 overdue, 1 running, 1 withdrawn, 1 apologised, 1 not`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	var codes []string
	for after := ""; ; {
		list, next, err := o.LateOnes(ctx, "2026-01-01", "2026-12-31", today, 2, after)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range list {
			codes = append(codes, d.Code)
		}
		if after = next; after == "" {
			break
		}
	}
	if got := strings.Join(codes, " "); got != "A4 A3 A2 A8" {
		t.Errorf("late: %s", got)
	}
	for _, after := range []string{"xx", "done:", "open:xx", "late:xx"} {
		if _, _, err := o.LateOnes(ctx, "2026-01-01", "2026-12-31", today, 2, after); err == nil || fault.As(err).Fields.String() != "after cursor" {
			t.Errorf("after %q: %v", after, err)
		}
	}
	for typed, want := range map[string]string{"a1": "A1", "A": "A1 A2 A3", "B": "", "zz\U0010FFFF": ""} {
		list, err := o.Find(ctx, typed, 3)
		got := ""
		for _, d := range list {
			got += d.Code + " "
		}
		if err != nil || strings.TrimSpace(got) != want {
			t.Errorf("%s finds %s, %v", typed, got, err)
		}
	}
	received, err := o.Received(ctx, "2026-05-01", "2026-06-30")
	if err != nil || fmt.Sprint(received) != "[{dat-dai  6} {moi-truong  1}]" {
		t.Errorf("received %v %v", received, err)
	}
}

func TestQueryOfFigures(t *testing.T) {
	for q, want := range map[dossier.Query]string{
		{To: "2026-06-30"}:                     "",
		{From: "x", To: "y", By: "desk"}:       "from date, to date, by choice",
		{From: "2026-07-01", To: "2026-06-30"}: "to before_from",
	} {
		if got := fault.As(q.Check()).Fields.String(); q.Check() != nil && got != want || q.Check() == nil && want != "" {
			t.Errorf("%v: %s, want %s", q, got, want)
		}
	}
	if (dossier.Figure{OnTime: 98_996, Late: 1004}).Met(9900) || !(dossier.Figure{OnTime: 99, Late: 1}).Met(9900) || (dossier.Figure{}).Met(9900) {
		t.Error("the target is compared wrongly")
	}
}

// TestUpload: a list waits so that nobody who reads the store can read it, and
// not for ever.
func TestUpload(t *testing.T) {
	o := open(t)
	ctx, now := t.Context(), time.Date(2026, 6, 30, 5, 0, 0, 0, time.UTC)
	file := []byte(strings.Repeat("Nguyễn Văn ZZNAME;", 500_000)) // three pieces
	ticket, err := o.KeepUpload(ctx, file, now)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := o.Upload(ctx, ticket, now.Add(59*time.Minute)); err != nil || string(got) != string(file) {
		t.Errorf("%d bytes of %d, %v", len(got), len(file), err)
	}
	other := map[bool]string{true: "B", false: "A"}[ticket[20] == 'A']
	for name, err := range map[string]error{
		"later":       second(o.Upload(ctx, ticket, now.Add(time.Hour))),
		"another key": second(o.Upload(ctx, ticket[:20]+other+ticket[21:], now)),
		"no ticket":   second(o.Upload(ctx, "x", now)),
		"nothing":     second(o.Upload(ctx, "", now)),
	} {
		if !errors.Is(err, dossier.ErrNotKept) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, suffix := range []string{"", "-wal"} {
		if b, _ := os.ReadFile(o.file + suffix); strings.Contains(string(b), "ZZNAME") {
			t.Error("the list can be read in the store")
		}
	}
	if err := o.SweepUploads(ctx, now.Add(time.Hour+time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := o.Upload(ctx, ticket, now); !errors.Is(err, dossier.ErrNotKept) {
		t.Errorf("swept: %v", err)
	}
	if ticket, err = o.KeepUpload(ctx, []byte("x"), now); err != nil {
		t.Fatal(err)
	}
	o.DropUpload(ctx, ticket)
	if _, err := o.Upload(ctx, ticket, now); !errors.Is(err, dossier.ErrNotKept) {
		t.Errorf("dropped: %v", err)
	}
}

func second[T any](_ T, err error) error { return err }

func TestMappingIsRemembered(t *testing.T) {
	o := open(t)
	headings := []string{"Số", "Thủ tục", "Vào", "Hẹn"}
	ctx := t.Context()
	for i, m := range []dossier.Mapping{{"code": 0, "procedure": 1, "receivedOn": 2, "dueOn": 3}, {"code": 1, "procedure": 0}} {
		if err := o.RememberMapping(ctx, headings, m); err != nil {
			t.Fatal(err)
		}
		got, err := o.MappingFor(ctx, []string{"SỐ", "thủ tục", "vào", "hẹn"})
		if err != nil || fmt.Sprint(got) != fmt.Sprint(m) {
			t.Errorf("%d: %v %v", i, got, err)
		}
	}
	if got, err := o.MappingFor(ctx, []string{"Mã hồ sơ", "x"}); err != nil || fmt.Sprint(got) != "map[code:0]" {
		t.Errorf("others are guessed: %v %v", got, err)
	}
}

func TestApology(t *testing.T) {
	d := &dossier.Dossier{ReceivedOn: "2026-06-01", DueOn: "2026-06-20"}
	for _, tt := range []struct{ on, until, want string }{
		{"2026-06-19", "2026-06-26", ""}, {"2026-06-30", "", ""}, {"", "", "apologyOn required"}, {"x", "y", "apologyOn date, promisedOn date"},
		{"2026-07-01", "2026-06-20", "apologyOn future, promisedOn dossier_not_after_due"}, {"2026-05-31", "", "apologyOn dossier_before"},
	} {
		_, err := d.Apologise(catalogue.Date(tt.on), catalogue.Date(tt.until), today)
		if got := fault.As(err).Fields.String(); err == nil && tt.want != "" || err != nil && got != tt.want {
			t.Errorf("%v: %v", tt, err)
		}
	}
}
