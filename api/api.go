// Package api is the program's face to the network: every route, the reading of
// requests, and the one place that decides how a failure looks. It composes the
// domain packages; the rules are theirs.
package api

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"sipas/feedback"
	"sipas/internal/catalogue"
	"sipas/internal/dossier"
	"sipas/internal/improve"
	"sipas/internal/mail"
	"sipas/internal/pace"
	"sipas/internal/signon"
	"sipas/internal/staff"
	"sipas/survey"
	"sipas/web"
)

// Config is what a Server needs beside the stores.
type Config struct {
	BaseURL        string           // public address without a slash at the end, printed into QR codes
	Now            func() time.Time // the clock; tests and samples move it
	Log            *slog.Logger
	AddressLimit   int          // answers a minute from one address; 0: none
	TrustedProxies []*net.IPNet // whose X-Forwarded-For is believed
	Ping           func(context.Context) error
	Mail           *mail.Server     // that notices go through; nil: they are kept and shown
	SignOn         *signon.Provider // that people may sign in by; nil: by passwords alone
	Sample         bool             // every page says that the data are invented

	// For /metrics.
	MetricsToken      string        // of who may read it; "": who asks on this machine itself
	Version, Revision string        // of the program
	Chain             *survey.Chain // nil: nothing is said of seals
	StoreFile         string        // of the embedded store; "": there is none
}

// Server answers requests. Make it with New.
type Server struct {
	Config
	names
	echo     *echo.Echo
	feedback *feedback.Store
	segments *survey.Segments
	intake   *survey.Intake
	staff    *staff.Store
	dossiers *dossier.Store
	improve  *improve.Store
	forms    pageCache
	held     held
	lookups  *pace.Guard
	codes    *pace.Guard   // tries with one-time codes
	lists    chan struct{} // lists of dossiers that are being read
	metrics  *metrics
	scraping sync.Mutex // held while the store is asked for metrics

	crossOrigin *http.CrossOriginProtection
}

// New returns a Server over open stores. It fails on broken templates and on a base
// address that is none.
func New(cfg Config, st *survey.Store, segments *survey.Segments, intake *survey.Intake, cases *feedback.Store, officers *staff.Store,
	dossiers *dossier.Store, tasks *improve.Store,
) (*Server, error) {
	pages, err := web.New()
	if err != nil {
		return nil, fmt.Errorf("load pages: %w", err)
	}
	s := &Server{
		Config: cfg, names: names{st, pages}, echo: echo.New(), segments: segments, feedback: cases,
		intake: intake, staff: officers, dossiers: dossiers, improve: tasks, crossOrigin: http.NewCrossOriginProtection(),
		lookups: newLookupGuard(), codes: newCodeGuard(), lists: make(chan struct{}, listsAtOnce), metrics: newMetrics(),
	}
	if err := s.crossOrigin.AddTrustedOrigin(cfg.BaseURL); err != nil {
		return nil, fmt.Errorf("trust the base address: %w", err)
	}
	s.echo.HTTPErrorHandler = s.fail
	s.echo.IPExtractor = ipExtractor(cfg.TrustedProxies)
	s.routes()
	s.watch()
	return s, nil
}

// ServeHTTP implements http.Handler. HEAD is GET without the body, which
// net/http leaves out by itself: monitors and link previews ask so.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodHead {
		get := *r
		get.Method = http.MethodGet
		r = &get
	}
	s.echo.ServeHTTP(w, r)
}

func ipExtractor(trusted []*net.IPNet) echo.IPExtractor {
	if len(trusted) == 0 {
		return echo.ExtractIPDirect()
	}
	options := []echo.TrustOption{echo.TrustLoopback(false), echo.TrustLinkLocal(false), echo.TrustPrivateNet(false)}
	for _, n := range trusted {
		options = append(options, echo.TrustIPRange(n))
	}
	return echo.ExtractIPFromXFFHeader(options...)
}

// publicURL returns the address that outsiders use for path.
func (s *Server) publicURL(path string) string { return strings.TrimSuffix(s.BaseURL, "/") + path }

// today is the day on which the request is answered.
func (s *Server) today() catalogue.Date { return catalogue.DateOf(s.Now()) }

// language chooses the language of an answer: what the reader asked for, else
// Vietnamese. Accept-Language is not asked: phones sold here often say English
// to people who read Vietnamese.
func language(c echo.Context) string { return web.Language(c.QueryParam("lang")) }

// inZone writes a moment as the interface does: RFC 3339, the office's offset.
func inZone(t time.Time) string { return t.In(catalogue.Zone).Format(momentForm) }

const momentForm = "2006-01-02T15:04:05.000Z07:00"

// orNull returns nil for "", which stands for "not set" in the interface.
func orNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// timeOrNull is orNull for moments.
func timeOrNull(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	return orNull(inZone(t))
}

// Routes lists every route as "METHOD /path/:parameter".
func (s *Server) Routes() []string {
	var list []string
	for _, r := range s.echo.Routes() {
		if r.Method != echo.RouteNotFound {
			list = append(list, r.Method+" "+r.Path)
		}
	}
	return list
}
