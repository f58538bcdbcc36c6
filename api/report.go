package api

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"time"

	"sipas/feedback"
	"sipas/internal/catalogue"
	"sipas/internal/document"
	"sipas/internal/dossier"
	"sipas/internal/improve"
	"sipas/internal/report"
	"sipas/survey"
	"sipas/web"
)

// Reporter makes the report on a period, for the server and for the command line,
// and says whether one that was made still agrees with what is stored.
type Reporter struct {
	names
	segments *survey.Segments
	feedback *feedback.Store
	dossiers *dossier.Store
	tasks    *improve.Store
	now      func() time.Time
	sample   bool // every page says that the data are invented
}

// NewReporter returns a Reporter over open stores. The segments have to hold what
// is stored.
func NewReporter(st *survey.Store, segments *survey.Segments, cases *feedback.Store, dossiers *dossier.Store, tasks *improve.Store,
	now func() time.Time, sample bool,
) (*Reporter, error) {
	pages, err := web.New()
	if err != nil {
		return nil, fmt.Errorf("load words: %w", err)
	}
	return &Reporter{names{st, pages}, segments, cases, dossiers, tasks, now, sample}, nil
}

// Formats of a report, beside FormatExcel.
const (
	FormatWord = "docx"
	FormatPDF  = "pdf"
)

// ReportFormats lists the formats in the order in which they are offered.
var ReportFormats = []string{FormatWord, FormatExcel, FormatPDF}

var reportWriters = map[string]func(io.Writer, *report.Report) error{
	FormatWord: document.WriteReportWord, FormatExcel: document.WriteReportExcel, FormatPDF: document.WriteReportPDF,
}

// Write writes the report as a file of the format. Nothing is written before it
// is whole.
func (r *Reporter) Write(ctx context.Context, w io.Writer, format string, q report.Question) error {
	write := reportWriters[format]
	if write == nil {
		return fmt.Errorf("no format %q", format)
	}
	made, err := r.Report(ctx, q)
	if err != nil {
		return err
	}
	var file bytes.Buffer
	if err := write(&file, made); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	_, err = file.WriteTo(w)
	return err
}

// Report makes the report of all that is stored now. An empty q.To is today.
func (r *Reporter) Report(ctx context.Context, q report.Question) (*report.Report, error) {
	b := basis{asOf: r.now().UTC().Truncate(time.Second), sample: r.sample}
	q.To = cmp.Or(q.To, string(catalogue.DateOf(b.asOf)))
	newest, _, err := r.survey.Seals(ctx, true, 1, "")
	if err != nil {
		return nil, fmt.Errorf("read seal: %w", err)
	}
	if len(newest) > 0 {
		b.seal = newest[0]
		if b.sealed, err = r.allSealed(q, b); err != nil {
			return nil, err
		}
	}
	return r.make(ctx, q, b)
}

// basis is of what and when a report counts.
type basis struct {
	asOf   time.Time
	seal   survey.Seal // of the last sealed day; zero: none
	sealed bool        // only what was sealed by then counts
	sample bool        // the data are invented
}

// allSealed says whether everything that the question is about is sealed: then it
// can be counted again at any time.
func (r *Reporter) allSealed(q report.Question, b basis) (bool, error) {
	periods := []survey.Period{periodOf(q)}
	if p, ok := before(q); ok {
		periods = append(periods, p)
	}
	for _, p := range periods {
		all, err := r.segments.Tabulate(surveyQuery(q, p, ""))
		if err != nil {
			return false, err
		}
		sealed, err := r.segments.Tabulate(surveyQuery(q, p, b.seal.Date))
		if err != nil || sealed.Overall != all.Overall {
			return false, err
		}
	}
	return true, nil
}

// make makes the report on a basis: the same question on the same basis is the
// same report.
func (r *Reporter) make(ctx context.Context, q report.Question, b basis) (*report.Report, error) {
	f, err := r.gather(ctx, q, b)
	if err != nil {
		return nil, err
	}
	w := reportWords{r.names, f, q.Lang}
	made := w.report()
	made.Record = report.Record{
		Format: report.Format, Question: q, AsOf: b.asOf, Method: methodName(f.areas.now.Method),
		Through: string(b.seal.Date), Seal: b.seal.Seal, Sealed: b.sealed, Sample: b.sample, Figures: made.Facts(), Open: made.Proposed(),
	}
	return made, nil
}

func methodName(m survey.Computation) string { return fmt.Sprintf("%s@%d", m.ID, m.Version) }

// periodOf is the period of the question, with its name if it has one.
func periodOf(q report.Question) survey.Period {
	from, to := catalogue.Date(q.From), catalogue.Date(q.To)
	if from != "" {
		for _, months := range []int{1, 3, 6, 12} {
			if p := survey.PeriodOf(from, months); p.From == from && p.To == to {
				return p
			}
		}
	}
	return survey.Between(from, to)
}

// before is the period compared with; false: there is none.
func before(q report.Question) (survey.Period, bool) {
	if q.From == "" {
		return survey.Period{}, false
	}
	return question{period: periodOf(q), with: q.With}.compared()
}

// surveyQuery asks for the answers of a period.
func surveyQuery(q report.Question, p survey.Period, through catalogue.Date, by ...string) survey.Query {
	query := survey.Query{From: p.From, To: p.To, By: by, Through: through}
	for _, f := range q.Filters {
		query.Filters = append(query.Filters, survey.Filter{Dimension: f.Dimension, Values: f.Values})
	}
	return query
}

// reportFacts are all figures of a report, before they have words.
type reportFacts struct {
	question report.Question
	basis
	period, before                  survey.Period
	compared                        bool
	areas, factors, criteria, asked rated
	channels, verified, flagged     survey.Summary
	pulls                           []survey.Pull
	tasks                           []*improve.Task
	dossiers                        *dossier.Table    // nil: the question leaves some answers out, so none belong to it
	cases                           *feedback.Figures // nil: the same, or the reader may not know
}

// rated are groups, and the same ones in the period compared with.
type rated struct {
	by          string
	now, before survey.Summary
}

func (r *Reporter) gather(ctx context.Context, q report.Question, b basis) (*reportFacts, error) {
	f := &reportFacts{question: q, basis: b, period: periodOf(q)}
	f.before, f.compared = before(q)
	for _, x := range []struct {
		to *rated
		by []string
	}{{&f.areas, []string{"area"}}, {&f.factors, []string{"factor"}}, {&f.criteria, []string{"criterion"}}, {&f.asked, q.By}} {
		var err error
		if *x.to, err = r.rated(f, x.by); err != nil {
			return nil, err
		}
	}
	if !slices.ContainsFunc(q.Filters, func(f report.Filter) bool { return f.Dimension == "area" }) {
		f.areas.now.EveryArea(r.survey.Catalogue())
	}
	for by, to := range map[string]*survey.Summary{"channel": &f.channels, "verified": &f.verified, "flagged": &f.flagged} {
		var err error
		if *to, err = r.summary(f, f.period, by); err != nil {
			return nil, err
		}
	}
	return f, r.gatherMore(ctx, f)
}

// gatherMore adds what is not a rate of answers.
func (r *Reporter) gatherMore(ctx context.Context, f *reportFacts) (err error) {
	f.pulls, err = r.segments.Pulls(surveyQuery(f.question, f.period, f.through()), f.areas.now.Overall.Pooled.Target)
	if err == nil && f.question.Cases { // who may not know of cases may not know of tasks
		f.tasks, err = r.tasks.Tasks(ctx, improve.Reader{All: true})
	}
	if err != nil || len(f.question.Filters) > 0 {
		return err
	}
	dossiers := dossier.Query{From: f.period.From, To: f.period.To, By: dossier.ByArea}
	if f.dossiers, err = r.dossiers.Figures(ctx, dossiers, catalogue.DateOf(f.asOf)); err != nil || !f.question.Cases {
		return err
	}
	cases := feedback.FigureQuery{From: f.period.From, To: f.period.To, By: feedback.ByKind}
	f.cases, err = r.feedback.Figures(ctx, feedback.Officer{Role: feedback.RoleOffice}, cases, f.asOf)
	return err
}

func (r *Reporter) rated(f *reportFacts, by []string) (x rated, err error) {
	if len(by) == 1 {
		x.by = by[0]
	}
	if x.now, err = r.summary(f, f.period, by...); err == nil && f.compared {
		x.before, err = r.summary(f, f.before, by...)
	}
	return x, err
}

// summary counts a period against the targets of the reported one's last day.
func (r *Reporter) summary(f *reportFacts, p survey.Period, by ...string) (survey.Summary, error) {
	return r.segments.Summarise(surveyQuery(f.question, p, f.through(), by...), r.survey.Catalogue(), f.asOf)
}

// through is the last day whose seal counts; "": all that is stored.
func (b basis) through() catalogue.Date {
	if b.sealed {
		return b.seal.Date
	}
	return ""
}
