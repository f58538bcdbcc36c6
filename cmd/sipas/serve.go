package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/gofrs/flock"
	"github.com/skip2/go-qrcode"

	"sipas/api"
	"sipas/seeds"
	"sipas/seeds/demo"
	"sipas/survey"
)

// followEvery is how often a server asks the store whether catalogue, links or
// questionnaires have changed: what a command did shows within two seconds.
const followEvery = time.Second

// stopWithin is how long a stop waits for requests that were accepted.
const stopWithin = 20 * time.Second

func serveCommand(ctx context.Context, env environment, args []string) error {
	if err := parseFlags(flag.NewFlagSet("serve", flag.ContinueOnError), args); err != nil {
		return err
	}
	c, err := readConfig(env.get)
	if err != nil {
		return err
	}
	return serve(ctx, c, env)
}

// serve opens everything, answers until ctx ends, and stops in the order in
// which nothing that was accepted is lost: requests, intake, store.
func serve(ctx context.Context, c config, env environment) (err error) {
	log, flush := newLog(env.stderr)
	defer flush()
	unlock, err := lockEmbedded(c)
	if err != nil {
		return err
	}
	defer unlock()
	s, err := openStores(ctx, c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	keys := &keeper{env: env, c: c, cases: s.feedback, log: log}
	if err := keys.start(ctx, s); err != nil {
		return err
	}
	kind, err := s.claim(ctx, c)
	if err != nil {
		return err
	}
	if err := s.prepare(ctx, log); err != nil {
		return err
	}
	if err := s.feedback.Settle(ctx); err != nil {
		return err
	}
	var year *demo.Year // nil: there is no sample to be made
	if kind.Sample {
		if year, err = s.fill(ctx, kind); err != nil {
			return err
		}
	}
	segments := survey.NewSegments(s.survey.Questionnaire)
	chain := survey.NewChain(s.survey, segments, c.now, log, s.restores.Digests)
	if err := chain.Load(ctx); err != nil {
		return err
	}
	if year != nil {
		if err := s.figured(ctx, kind, year, segments, log); err != nil {
			return err
		}
	}
	if env.get("GOGC") == "" {
		tuneCollector()
	}
	listener, err := net.Listen("tcp", c.addr)
	if err != nil {
		return usagef("SIPAS_ADDR=%s: %v", c.addr, err)
	}
	intake := survey.StartIntake(s.survey, segments, c.now, log)
	defer func() {
		wait, cancel := context.WithTimeout(context.Background(), stopWithin)
		defer cancel()
		err = errors.Join(err, intake.Close(wait))
	}()
	baseURL := c.baseURLAt(listener.Addr())
	version, revision := built()
	file, err := c.storeFile()
	if err != nil {
		return err
	}
	handler, err := api.New(api.Config{
		BaseURL: baseURL, Now: c.now, Log: log, AddressLimit: c.addressLimit,
		TrustedProxies: c.trustedProxies, Ping: s.db.Ping, Sample: kind.Sample, Mail: c.mail, SignOn: c.signOn,
		MetricsToken: c.metricsToken, Version: version, Revision: revision, Chain: chain, StoreFile: file,
	}, s.survey, segments, intake, s.feedback, s.staff, s.dossiers, s.improve)
	if err != nil {
		return err
	}
	go s.follow(ctx, keys, log)
	go s.sweep(ctx, c, log)
	go s.notify(ctx, c, handler.Tell, log)
	go func() {
		if kind.Sample {
			if err := s.publishMonths(ctx, kind, chain, segments); err != nil && ctx.Err() == nil {
				log.Warn("sample months not published, at the next start again", "error", err)
			}
		}
		chain.Run(ctx, c.mongoURI != "")
	}()
	trial, err := s.trialLink(ctx, c.now())
	if err != nil {
		return err
	}
	made, err := s.firstAccounts(ctx, c, kind.Sample)
	if err != nil {
		return err
	}
	greet(env.stdout, baseURL, baseURL+"/k/"+trial.Code, signInURL(baseURL, listener.Addr()), made)
	log.Info("serving", "addr", listener.Addr().String(), "responses", segments.Rows())
	return answer(ctx, listener, handler)
}

// garbage is how much the program may have beside what is in use before it is
// collected: with less, answers cost more; with more, a year of responses takes
// twice its memory as soon as somebody asks about it.
const garbage = 48 << 20

// tuneCollector sets how often memory is collected by what the columns of the
// responses take, which live for ever: seldom where they are small.
func tuneCollector() {
	debug.FreeOSMemory()
	var now runtime.MemStats
	runtime.ReadMemStats(&now)
	debug.SetGCPercent(int(min(200, max(25, garbage*100/now.HeapAlloc))))
}

// answer serves until ctx ends, then finishes the requests that have begun.
func answer(ctx context.Context, listener net.Listener, handler http.Handler) error {
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       time.Minute, // 64 KB over one bar of signal
		WriteTimeout:      time.Minute,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	select {
	case err := <-ended:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	wait, cancel := context.WithTimeout(context.Background(), stopWithin)
	defer cancel()
	if err := server.Shutdown(wait); err != nil {
		return fmt.Errorf("stop: %w", err)
	}
	return nil
}

// lockEmbedded keeps a second server off one embedded store. The lock is a file
// of its own: a handle on the database outside SQLite would drop SQLite's locks
// when closed.
func lockEmbedded(c config) (unlock func(), err error) {
	if c.mongoURI != "" {
		return func() {}, nil
	}
	if _, err := c.database(); err != nil {
		return nil, err
	}
	lock := flock.New(filepath.Join(c.data, "server.lock"))
	got, err := lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock %s: %w", c.data, err)
	}
	if !got {
		return nil, fmt.Errorf("another server is running on %s; stop it first, or set SIPAS_DATA to another folder", c.data)
	}
	return func() { _ = lock.Unlock() }, nil
}

// prepare loads the shipped reference data. Rows that the office has changed
// since stay as they are, and so do versions of questionnaires that it has
// published under a number that is shipped now; what is new is added.
func (s *stores) prepare(ctx context.Context, log *slog.Logger) error {
	d, err := seeds.Load()
	if err != nil {
		return err
	}
	shipped := d.Questionnaires
	d.Questionnaires = nil
	for _, q := range shipped {
		switch _, err := s.survey.Missing(ctx, []survey.Questionnaire{q}); {
		case errors.Is(err, survey.ErrQuestionnaireFrozen):
			log.Warn("shipped questionnaire not loaded, the store has another of this version", "questionnaire", q.Ref())
		case err != nil:
			return err
		default:
			d.Questionnaires = append(d.Questionnaires, q)
		}
	}
	change, err := s.seed(ctx, d)
	for err == nil && len(change.Differ) > 0 {
		for _, conflict := range change.Differ {
			log.Warn("shipped row not loaded, the store has another", "kind", conflict.Kind, "id", conflict.ID, "from", conflict.From)
		}
		d = d.Without(change.Differ)
		change, err = s.seed(ctx, d)
	}
	if err != nil {
		return fmt.Errorf("load reference data: %w", err)
	}
	return s.reload(ctx)
}

// reload reads what is held in memory anew, where it has changed.
func (s *stores) reload(ctx context.Context) error {
	return errors.Join(s.survey.Reload(ctx), s.feedback.Reload(ctx))
}

// follow reloads what others changed in the store and in the key file.
func (s *stores) follow(ctx context.Context, keys *keeper, log *slog.Logger) {
	tick := time.NewTicker(followEvery)
	defer tick.Stop()
	away := false
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		err := errors.Join(s.reload(ctx), keys.look(ctx))
		if err != nil && !away && ctx.Err() == nil {
			log.Warn("store away, serving what is in memory", "error", err)
		}
		away = err != nil
	}
}

// trialLink returns the link for trying the survey out, made at the first start.
func (s *stores) trialLink(ctx context.Context, now time.Time) (*survey.Link, error) {
	links, _, err := s.survey.Links(ctx, survey.KindTrial, 1, "")
	if err != nil {
		return nil, err
	}
	if len(links) > 0 {
		return links[0], nil
	}
	l := &survey.Link{Kind: survey.KindTrial, Title: "Dùng thử", CreatedAt: now.UTC(), CreatedBy: "sipas"}
	return l, s.survey.AddLink(ctx, l)
}

// greet tells whoever started the server what to do next, in one piece.
func greet(w io.Writer, baseURL, trialURL, signInURL string, made madeAccounts) {
	code := ""
	if q, err := qrcode.New(trialURL, qrcode.Medium); err == nil {
		code = q.ToSmallString(false)
	}
	fmt.Fprintf(w, `
  Khảo sát hài lòng · Satisfaction survey
  %s

  Phiếu dùng thử, không tính vào kết quả (quét bằng điện thoại cùng mạng):
  Trial survey, never counted (scan with a phone on the same network):
  %s

%s
  Trang làm việc của cán bộ · Where staff sign in
  %s

%s`, baseURL, trialURL, code, signInURL, made)
}

// signInURL is where staff can sign in: browsers keep the cookie on https and on
// this machine alone.
func signInURL(baseURL string, listener net.Addr) string {
	if tcp, ok := listener.(*net.TCPAddr); ok && !strings.HasPrefix(baseURL, "https://") {
		baseURL = "http://localhost:" + strconv.Itoa(tcp.Port)
	}
	return baseURL + "/dang-nhap"
}
