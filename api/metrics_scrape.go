package api

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"os"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"sipas/internal/staff"
)

const (
	// askWithin is how long a scrape may keep the store busy: less than the ten
	// seconds that a scraper waits, as a rule.
	askWithin = 2 * time.Second
	// promptly is how soon a notice is told when all is well. That one waits for
	// less would tell that what was just sent is no denunciation.
	promptly = time.Minute
)

// scrape tells how the server is doing, as Prometheus reads it.
func (s *Server) scrape(c echo.Context) error {
	if err := s.mayScrape(c.Request()); err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderCacheControl, "no-store")
	told := prometheus.Gatherers{s.metrics.registry, s.askStore(c)}
	log := s.Log.With("id", requestID(c), "route", c.Path())
	promhttp.HandlerFor(told, promhttp.HandlerOpts{
		ErrorHandling: promhttp.ContinueOnError, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelError), EnableOpenMetrics: true,
	}).ServeHTTP(c.Response(), c.Request())
	return nil
}

// mayScrape lets the bearer of the token pass or, where there is none, whoever
// asks on this machine itself. Anybody else then learns no more than the proxy
// would say: that there is nothing here.
func (s *Server) mayScrape(r *http.Request) error {
	if s.MetricsToken == "" {
		if !direct(r) {
			return echo.ErrNotFound
		}
		return nil
	}
	scheme, token, _ := strings.Cut(r.Header.Get(echo.HeaderAuthorization), " ")
	if scheme == "" {
		return errNoToken
	}
	want, got := sha256.Sum256([]byte(s.MetricsToken)), sha256.Sum256([]byte(strings.TrimSpace(token)))
	if !strings.EqualFold(scheme, "Bearer") || subtle.ConstantTimeCompare(want[:], got[:]) != 1 {
		return staff.ErrUnknownToken
	}
	return nil
}

// direct says that the request comes from this machine and not through a proxy
// on it. It looks at the connection, whoever's X-Forwarded-For is believed
// elsewhere.
func direct(r *http.Request) bool {
	from, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil || !from.Addr().IsLoopback() {
		return false
	}
	for name := range r.Header {
		if name == "Forwarded" || name == "Via" || strings.HasPrefix(name, "X-Forwarded") || strings.HasSuffix(name, "-Ip") {
			return false
		}
	}
	return true
}

// askStore finds out what has to be asked for, one scrape after the other. What
// cannot be found out is left out.
func (s *Server) askStore(c echo.Context) prometheus.Gatherer {
	s.scraping.Lock()
	defer s.scraping.Unlock()
	ctx, cancel := context.WithTimeout(c.Request().Context(), askWithin)
	defer cancel()
	found := prometheus.NewRegistry()
	tell := func(name, help string, value float64) {
		g := prometheus.NewGauge(prometheus.GaugeOpts{Namespace: namespace, Name: name, Help: help})
		g.Set(value)
		found.MustRegister(g)
	}
	leaveOut := func(name string, err error) {
		s.Log.Warn("metric left out", "id", requestID(c), "metric", namespace+"_"+name, "error", err)
	}

	if s.StoreFile != "" {
		const name = "store_size_bytes"
		if size, err := sizeOf(s.StoreFile); err != nil {
			leaveOut(name, err)
		} else {
			tell(name, "Size of the embedded store's file with its log.", float64(size))
		}
	}
	const reachable, reachableHelp = "store_reachable", "1 while the store answers, else 0."
	if err := s.Ping(ctx); err != nil {
		s.Log.Warn("store away", "id", requestID(c), "error", err)
		tell(reachable, reachableHelp, 0)
	} else {
		tell(reachable, reachableHelp, 1)
	}
	if s.Mail != nil {
		const name = "outbox_oldest_wait_seconds"
		if since, err := s.feedback.Outbox().WaitsSince(ctx); err != nil {
			leaveOut(name, err)
		} else {
			waits := s.Now().Sub(since)
			if since.IsZero() || waits < promptly {
				waits = 0
			}
			tell(name, "How long the notice waits that has waited longest; 0 below a minute.", waits.Seconds())
		}
	}
	return found
}

// sizeOf is the size of an SQLite file and the log beside it. Looking at a file
// is not opening it, which would drop the locks.
func sizeOf(file string) (size int64, err error) {
	for _, end := range []string{"", "-wal"} {
		info, err := os.Stat(file + end)
		if err != nil {
			return 0, fmt.Errorf("size of the store: %w", err)
		}
		size += info.Size()
	}
	return size, nil
}
