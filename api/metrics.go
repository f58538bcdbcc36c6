package api

import (
	"time"

	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"sipas/internal/fault"
	"sipas/survey"
)

// namespace begins the name of each metric of ours.
const namespace = "sipas"

// durations are the upper ends, in seconds, by which requests are counted: from
// what an answer takes that shares its commit, over a queue that stalls, to the
// minute after which a request is cut off.
var durations = []float64{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60}

// metrics counts what happens on this server. Labels are patterns of routes and
// codes of ours, never what a request brought. Nothing is told apart by the kind
// of a case: a count that moves with a denunciation would tell of it.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.HistogramVec // by method, route and class of status
	limited  prometheus.Counter
	answers  *prometheus.CounterVec // by outcome
	refused  *prometheus.CounterVec // by cause
	methods  map[string]bool        // of the routes
	routes   map[string]bool        // their patterns
}

// What can become of an answer that is taken in.
const (
	outcomeStored   = "stored"
	outcomeRepeated = "repeated"
	outcomeTrial    = "trial"
)

func newMetrics() *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Namespace: namespace, Name: "http_request_duration_seconds", Buckets: durations,
			Help: "How long requests took, by the pattern of the route and the class of the status.",
		}, []string{"method", "route", "status"}),
		limited: prometheus.NewCounter(prometheus.CounterOpts{
			Namespace: namespace, Name: "http_requests_limited_total", Help: "Requests refused by SIPAS_ADDRESS_LIMIT.",
		}),
		answers: prometheus.NewCounterVec(prometheus.CounterOpts{
			Namespace: namespace, Name: "answers_total",
			Help: "Answers to the survey that were acknowledged: stored; repeated, which had been stored before; trial, which count in nothing.",
		}, []string{"outcome"}),
		refused: prometheus.NewCounterVec(prometheus.CounterOpts{
			Namespace: namespace, Name: "answers_refused_total", Help: "Answers to an open survey that were not acknowledged, by the code of the cause.",
		}, []string{"cause"}),
		methods: map[string]bool{}, routes: map[string]bool{},
	}
	m.registry.MustRegister(m.requests, m.limited, m.answers, m.refused,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	// There from the start, as 0: Prometheus sees no increase in what begins with 1.
	for _, outcome := range []string{outcomeStored, outcomeRepeated, outcomeTrial} {
		m.answers.WithLabelValues(outcome)
	}
	for _, f := range []*fault.Error{survey.ErrOverloaded, survey.ErrNotAcknowledged} {
		m.refused.WithLabelValues(f.Code)
	}
	return m
}

// watch adds what other parts of the server know of themselves at any moment,
// without asking the store.
func (s *Server) watch() {
	for _, r := range s.echo.Routes() {
		if r.Method != echo.RouteNotFound {
			s.metrics.methods[r.Method], s.metrics.routes[r.Path] = true, true
		}
	}
	gauge := func(name, help string, read func() float64) {
		s.metrics.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Namespace: namespace, Name: name, Help: help}, read))
	}
	gauge("intake_queue_length", "Answers that wait to be stored.", func() float64 { waiting, _ := s.intake.Queue(); return float64(waiting) })
	gauge("intake_queue_capacity", "Answers that may wait; more are refused as overloaded.", func() float64 { _, room := s.intake.Queue(); return float64(room) })
	s.metrics.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Namespace: namespace, Name: "build_info", Help: "1; what was built stands in the labels.",
		ConstLabels: prometheus.Labels{"version": s.Version, "revision": s.Revision},
	}, func() float64 { return 1 }))
	if s.Chain != nil {
		gauge("seals_last_day_timestamp_seconds", "Beginning of the newest sealed day.", func() float64 { last, _ := s.Chain.Standing(); return float64(last.Start().Unix()) })
		gauge("seals_due", "Days that are due to be sealed and are not.", func() float64 { _, due := s.Chain.Standing(); return float64(due) })
	}
	if s.Mail != nil {
		s.metrics.registry.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{
			Namespace: namespace, Name: "outbox_given_up_total", Help: "Notices that this server has given up: refused for good, or tried for five days.",
		}, func() float64 { return float64(s.feedback.Outbox().GaveUp()) }))
	}
}

// classes of status, by the first digit.
var classes = [...]string{1: "1xx", 2: "2xx", 3: "3xx", 4: "4xx", 5: "5xx"}

// observe counts a request that has been answered. What no route has shares a
// label: a sender may write anything there.
func (m *metrics) observe(method, route string, status int, took time.Duration) {
	if !m.methods[method] {
		method = "other"
	}
	if !m.routes[route] {
		route = "none"
	}
	m.requests.WithLabelValues(method, route, classes[status/100]).Observe(took.Seconds())
}

// answered counts what became of an answer.
func (m *metrics) answered(form *survey.Form, r survey.Receipt, err error) {
	switch {
	case err != nil:
		f, _ := classify(err)
		m.refused.WithLabelValues(f.Code).Inc()
	case form.Link.Kind == survey.KindTrial:
		m.answers.WithLabelValues(outcomeTrial).Inc()
	case r.Repeated:
		m.answers.WithLabelValues(outcomeRepeated).Inc()
	default:
		m.answers.WithLabelValues(outcomeStored).Inc()
	}
}
