package survey

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"sipas/internal/catalogue"
	"sipas/internal/store"
)

// archive is a store with one server's chain and intake, and a clock that the
// test moves.
type archive struct {
	t        *testing.T
	db       *store.Store
	store    *Store
	segments *Segments
	chain    *Chain
	intake   *Intake
	clock    *clock
	log      *bytes.Buffer
	form     *Form
	next     int
}

type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = t
}

func openArchive(t *testing.T, file string, c *clock) *archive {
	t.Helper()
	ctx := t.Context()
	db, err := store.OpenSQLite(file)
	if err != nil {
		t.Fatal(err)
	}
	cat, err := catalogue.Open(ctx, db)
	if err != nil {
		t.Fatal(err)
	}
	st, err := OpenStore(ctx, db, cat)
	if err != nil {
		t.Fatal(err)
	}
	missing, err := st.Missing(ctx, []Questionnaire{*testForm()})
	if err != nil {
		t.Fatal(err)
	}
	if err := st.AddQuestionnaires(ctx, missing); err != nil {
		t.Fatal(err)
	}
	if err := st.Reload(ctx); err != nil {
		t.Fatal(err)
	}
	a := &archive{t: t, db: db, store: st, clock: c, log: &bytes.Buffer{}}
	log := slog.New(slog.NewTextHandler(a.log, nil))
	a.segments = NewSegments(st.Questionnaire)
	a.chain = NewChain(st, a.segments, c.now, log, nil)
	if err := a.chain.Load(ctx); err != nil {
		t.Fatal(err)
	}
	a.intake = StartIntake(st, a.segments, c.now, log)
	a.form = testOpenForm(t, Link{Code: "abcdefgh", Kind: KindCounter, Area: "dat-dai"})
	t.Cleanup(a.close)
	return a
}

func (a *archive) close() {
	a.intake.Close(context.Background())
	a.db.Close(context.Background())
}

// answer takes in n answers of mixed content.
func (a *archive) answer(n int) {
	a.t.Helper()
	for range n {
		a.next++
		s := Submission{Key: fmt.Sprintf("key-%d-%06d", a.clock.now().UnixNano()%1e9, a.next), Overall: 1 + a.next%5,
			Answers: map[string]int{"15": 1 + a.next%5, "20": 1 + a.next%4, "31": 0}, Extra: map[string]string{"visits": "2"}}
		if a.next%3 == 0 {
			s.Comment = "Ông Ba ở quầy 3 rất tận tình"
		}
		r, comment, err := a.form.Read(s, a.clock.now())
		if err != nil {
			a.t.Fatal(err)
		}
		r.Verified = a.next%2 == 0
		if _, err := a.intake.Save(a.t.Context(), r, comment, false); err != nil {
			a.t.Fatal(err)
		}
	}
}

func (a *archive) seal() {
	a.t.Helper()
	if err := a.chain.Seal(a.t.Context()); err != nil {
		a.t.Fatal(err)
	}
}

func (a *archive) figures() Table {
	a.t.Helper()
	table, err := a.segments.Tabulate(Query{By: []string{"month", "criterion"}})
	if err != nil {
		a.t.Fatal(err)
	}
	return table
}

func (a *archive) seals() []Seal {
	a.t.Helper()
	seals, _, err := a.store.Seals(a.t.Context(), false, 500, "")
	if err != nil {
		a.t.Fatal(err)
	}
	return seals
}

func (a *archive) verify(kept ...Seal) (Verified, *Broken) {
	a.t.Helper()
	v, err := a.store.Verify(a.t.Context(), kept, nil)
	var b *Broken
	if err != nil && !errors.As(err, &b) {
		a.t.Fatal(err)
	}
	return v, b
}

func at(day catalogue.Date, hour, minute int) time.Time {
	return day.Start().Add(time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute)
}

func TestStandingOfTheChain(t *testing.T) {
	c := &clock{at: at("2026-06-01", 9, 0)}
	file := filepath.Join(t.TempDir(), "x.db")
	a := openArchive(t, file, c)
	standing := func(last catalogue.Date, due int) {
		t.Helper()
		if l, d := a.chain.Standing(); l != last || d != due {
			t.Errorf("at %s: sealed up to %s, %d due; want %s, %d", c.now(), l, d, last, due)
		}
	}
	standing("2026-05-31", 0)
	a.answer(1)
	c.set(at("2026-06-02", 0, 1))
	standing("2026-05-31", 0)
	c.set(at("2026-06-02", 0, 2))
	standing("2026-05-31", 1)
	a.seal()
	standing("2026-06-01", 0)
	a.close()
	c.set(at("2026-06-10", 8, 0))
	a = openArchive(t, file, c)
	standing("2026-06-01", 8)
	a.seal()
	standing("2026-06-09", 0)
	if last, due := NewChain(a.store, a.segments, c.now, nil, nil).Standing(); last != "" || due != 0 {
		t.Errorf("before it is loaded: %s, %d", last, due)
	}
}

func TestDaysAreSealedInOrder(t *testing.T) {
	c := &clock{at: at("2026-06-01", 9, 0)}
	file := filepath.Join(t.TempDir(), "x.db")
	a := openArchive(t, file, c)
	a.answer(7)
	a.seal()
	if len(a.seals()) != 0 {
		t.Fatal("a day is sealed before it has ended")
	}
	c.set(at("2026-06-02", 0, 1))
	if a.seal(); len(a.seals()) != 0 {
		t.Fatal("a day is sealed within the time that a write may take")
	}
	before := a.figures()
	c.set(at("2026-06-02", 0, 2))
	a.seal()
	a.seal()
	if s := a.seals(); len(s) != 1 || s[0].Date != "2026-06-01" || s[0].Responses != 7 || s[0].Previous != firstPrevious {
		t.Fatalf("%+v", s)
	}
	if !reflect.DeepEqual(a.figures(), before) {
		t.Error("sealing has changed the figures")
	}
	sealed, err := a.chain.unlisted(t.Context(), "2026-06-01", "")
	if err != nil || len(sealed) != 0 {
		t.Errorf("%d responses of a sealed day are listed nowhere, %v", len(sealed), err)
	}
	if err := a.store.received(t.Context(), time.Time{}, time.Time{}, func(r []*Response) error { a.segments.Add(r...); return nil }); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(a.figures(), before) {
		t.Error("a sealed response that is seen again is counted again")
	}
	a.answer(3)
	// A stop of a week: every day has its seal, those without an answer too.
	a.close()
	c.set(at("2026-06-10", 8, 0))
	a = openArchive(t, file, c)
	if got := a.figures().Overall.Responses; got != 10 {
		t.Errorf("%d of 10 after the stop", got)
	}
	a.seal()
	a.answer(2)
	seals := a.seals()
	if len(seals) != 9 {
		t.Fatalf("%d seals for nine finished days", len(seals))
	}
	for i, s := range seals {
		if s.Date != catalogue.Date("2026-06-01").AddDays(i) || i > 0 && s.Previous != seals[i-1].Seal {
			t.Errorf("seal %d: %+v", i, s)
		}
	}
	empty := sha256.Sum256(nil)
	if seals[1].Responses != 3 || seals[4].Responses != 0 || seals[4].Root != hash(empty).String() {
		t.Errorf("%+v", seals[1:5])
	}
	figures := a.figures()
	a.close()
	a = openArchive(t, file, c)
	if !reflect.DeepEqual(a.figures(), figures) {
		t.Error("a restart has changed the figures")
	}
	if v, b := a.verify(seals...); b != nil || v.Days != 9 || v.Responses != 10 {
		t.Errorf("%+v %v", v, b)
	}
}

func TestClockGoesBackOverMidnight(t *testing.T) {
	c := &clock{at: at("2026-06-01", 23, 30)}
	a := openArchive(t, filepath.Join(t.TempDir(), "x.db"), c)
	a.answer(4)
	c.set(at("2026-06-02", 0, 10))
	a.seal()
	a.answer(1)
	c.set(at("2026-06-01", 23, 10)) // an hour back: the sealed day again
	a.seal()
	a.answer(5)
	c.set(at("2026-06-03", 0, 10))
	a.seal()
	s := a.seals()
	if len(s) != 2 || s[0].Responses != 4 || s[1].Responses != 6 {
		t.Errorf("%+v", s)
	}
	if v, b := a.verify(); b != nil || v.Responses != 10 || v.Late != 0 {
		t.Errorf("%+v %v", v, b)
	}
	for _, line := range []string{"the clock has gone back", "the clock shows a sealed day"} {
		if !strings.Contains(a.log.String(), line) {
			t.Errorf("the log does not say that %s", line)
		}
	}
}

// TestLateWriteGoesToTheNextDay stores an answer stamped before midnight after
// the day was sealed, as a write of unknown outcome may land.
func TestLateWriteGoesToTheNextDay(t *testing.T) {
	c := &clock{at: at("2026-06-01", 12, 0)}
	file := filepath.Join(t.TempDir(), "x.db")
	a := openArchive(t, file, c)
	a.answer(2)
	c.set(at("2026-06-02", 0, 5))
	a.seal()
	late := &Response{ID: "late-answer", Shape: 1, Questionnaire: ServiceQuestionnaire, QuestionnaireVersion: 1, Overall: 5,
		ReceivedAt: at("2026-06-01", 23, 59), AnsweredOn: "2026-06-01"}
	if err := a.store.responses.Insert(t.Context(), encode(late)); err != nil {
		t.Fatal(err)
	}
	if _, b := a.verify(); b != nil {
		t.Errorf("a late write before the next seal: %v", b)
	}
	if err := a.chain.Follow(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	c.set(at("2026-06-02", 0, 0))
	a.close()
	a = openArchive(t, file, c) // a start finds it as well
	if n := a.figures().Overall.Responses; n != 3 {
		t.Errorf("%d of 3 counted", n)
	}
	c.set(at("2026-06-03", 0, 5))
	a.seal()
	if s := a.seals(); len(s) != 2 || s[0].Responses != 2 || s[1].Responses != 1 {
		t.Errorf("%+v", s)
	}
	if v, b := a.verify(); b != nil || v.Responses != 3 || v.Late != 1 {
		t.Errorf("%+v %v", v, b)
	}
}

// TestServersSealTogether lets three chains on one store seal at once, again
// and again: no day twice or differently, and all agree on every figure.
func TestServersSealTogether(t *testing.T) {
	c := &clock{at: at("2026-06-01", 9, 0)}
	a := openArchive(t, filepath.Join(t.TempDir(), "x.db"), c)
	var others []*Chain
	for range 2 {
		segments := NewSegments(a.store.Questionnaire)
		chain := NewChain(a.store, segments, c.now, slog.New(slog.DiscardHandler), nil)
		if err := chain.Load(t.Context()); err != nil {
			t.Fatal(err)
		}
		others = append(others, chain)
	}
	for day := range 5 {
		a.answer(20)
		for _, chain := range others {
			if err := chain.Follow(t.Context(), true); err != nil {
				t.Fatal(err)
			}
		}
		c.set(at(catalogue.Date("2026-06-02").AddDays(day), 0, 3))
		var all sync.WaitGroup
		for _, chain := range append(others, a.chain) {
			all.Go(func() {
				if err := chain.Seal(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		for _, chain := range others {
			got, err := chain.segments.Tabulate(Query{By: []string{"month", "criterion"}})
			if err != nil || !reflect.DeepEqual(got, a.figures()) {
				t.Fatalf("day %d: the servers disagree, %v", day, err)
			}
		}
	}
	if s := a.seals(); len(s) != 5 {
		t.Errorf("%d seals", len(s))
	}
	if v, b := a.verify(); b != nil || v.Responses != 100 {
		t.Errorf("%+v %v", v, b)
	}
}

// TestSealingWhileAnswersComeIn seals a day that is still being answered into
// by the clock's going on: none is lost, none counted twice.
func TestSealingWhileAnswersComeIn(t *testing.T) {
	c := &clock{at: at("2026-06-01", 23, 59)}
	a := openArchive(t, filepath.Join(t.TempDir(), "x.db"), c)
	stop := make(chan struct{})
	var senders sync.WaitGroup
	var sent sync.Map
	for sender := range 4 {
		senders.Go(func() {
			for i := 0; ; i++ {
				select {
				case <-stop:
					return
				default:
				}
				r, _, err := a.form.Read(Submission{Key: fmt.Sprintf("sender-%d-%06d", sender, i), Overall: 4}, c.now())
				if err != nil {
					t.Error(err)
					return
				}
				if _, err := a.intake.Save(t.Context(), r, "", false); err != nil {
					t.Error(err)
					return
				}
				sent.Store(r.ID, true)
			}
		})
	}
	for day := range 6 {
		a.answer(5)
		c.set(at(catalogue.Date("2026-06-02").AddDays(day), 0, 3))
		a.seal()
		a.answer(5)
	}
	close(stop)
	senders.Wait()
	want := int64(60)
	sent.Range(func(any, any) bool { want++; return true })
	if got := a.figures().Overall.Responses; got != want {
		t.Errorf("%d counted, %d sent", got, want)
	}
	c.set(at("2026-06-09", 1, 0))
	a.seal()
	if v, b := a.verify(); b != nil || int64(v.Responses) != want {
		t.Errorf("%+v %v, %d sent", v, b, want)
	}
}

// TestRestoreStandsInTheNextSeal hands the chain the record of a restored backup:
// the next seal takes it up, the one after does not, a restart included.
func TestRestoreStandsInTheNextSeal(t *testing.T) {
	c := &clock{at: at("2026-06-01", 9, 0)}
	file := filepath.Join(t.TempDir(), "x.db")
	a := openArchive(t, file, c)
	record := strings.Repeat("ab", 32)
	restores := func(context.Context) ([]string, error) { return []string{record}, nil }
	a.chain.restores = restores
	a.answer(1)
	c.set(at("2026-06-02", 9, 0))
	a.seal()
	a.close()
	a = openArchive(t, file, c)
	a.chain.restores = restores
	c.set(at("2026-06-03", 9, 0))
	a.seal()
	s := a.seals()
	if len(s) != 2 || len(s[0].Restores) != 1 || s[0].Restores[0] != record || len(s[1].Restores) != 0 {
		t.Errorf("%+v", s)
	}
	if !strings.Contains(s[0].Text(), "\nrestore "+record+"\n") {
		t.Errorf("the restore is not in what is hashed: %q", s[0].Text())
	}
	if _, b := a.verify(); b != nil {
		t.Error(b)
	}
}

func TestMerkleRootIsThatOfRFC6962(t *testing.T) {
	// The tree heads of the test data of RFC 6962's reference code.
	inputs := []string{"", "\x00", "\x10", "\x20\x21", "\x30\x31", "\x40\x41\x42\x43", "\x50\x51\x52\x53\x54\x55\x56\x57", "\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f"}
	want := []string{
		"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
		"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
		"aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
		"d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
		"4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
		"76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
		"ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
		"5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
	}
	var leaves []hash
	for n := 0; ; n++ {
		if got := merkleRoot(leaves).String(); got != want[n] {
			t.Errorf("of %d leaves: %s, want %s", n, got, want[n])
		}
		if n == len(inputs) {
			return
		}
		leaves = append(leaves, sha256.Sum256([]byte("\x00"+inputs[n])))
	}
}

func TestCanonicalLine(t *testing.T) {
	r := &Response{
		ID: "003POJOB1KAP0JH73LUKS07", Shape: 1, Digest: "00ff", Link: "abcdefgh", Questionnaire: "dich-vu", QuestionnaireVersion: 1,
		Area: "dat-dai", Procedure: "1.012784", Desk: "quay-1", Unit: "van-phong", Channel: ChannelPhone, AnsweredOn: "2026-06-30",
		ReceivedAt: time.UnixMilli(1782795600123), Overall: 4, Answers: []Answer{{"15", 5}, {"31", 0}}, Extra: []Choice{{"visits", "4+"}},
		Profile: Profile{Sex: "female", Age: "60+"}, Lang: "vi", Comment: "ab12", Flags: []string{"fast", "burst"}, Verified: true, Late: "a b%é",
	}
	want := "sipas-response 1 answeredOn=2026-06-30 answers=15:5,31:0 area=dat-dai channel=phone comment=ab12 desk=quay-1 digest=00ff " +
		"extra=visits:4+ flags=fast,burst id=003POJOB1KAP0JH73LUKS07 lang=vi late=a%20b%25%C3%A9 link=abcdefgh outcome= overall=4 procedure=1.012784 " +
		"profile=age:60+,sex:female questionnaire=dich-vu questionnaireVersion=1 receivedAt=1782795600123 shape=1 stage= unit=van-phong verified=1"
	if got := Line(r); got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
}
