package api

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"sipas/internal/catalogue"
	"sipas/internal/document"
	"sipas/internal/fault"
	"sipas/internal/report"
	"sipas/survey"
)

// Checked is what the check of a report's file has found.
type Checked struct {
	Record     report.Record
	Difference *report.Difference // the first figure that differs; nil: the file agrees
	Signed     bool               // a PDF with a signature behind what the program has written
	Now, Then  int64              // responses of the period that are stored now, and that the report counts
}

// What can be wrong with a record before any figure is compared.
var (
	errOtherMethod = errors.New("its figures were computed by another method")
	errOtherSeal   = errors.New("the seal in it is not that of the day")
)

// Check counts a report anew, on the basis that its file names, and compares
// every figure of the file, in its record and as people read it. An error says
// that it cannot be compared at all.
func (r *Reporter) Check(ctx context.Context, file []byte) (c Checked, err error) {
	var seen report.Seen
	if c.Record, seen, err = document.ReadReport(file); err != nil {
		return c, err
	}
	b, err := r.basisOf(ctx, c.Record)
	if err != nil {
		return c, err
	}
	made, err := r.make(ctx, c.Record.Question, b)
	if err != nil {
		return c, fmt.Errorf("count anew: %w", err)
	}
	if c.Difference = c.Record.Differs(made.Record.Figures); c.Difference != nil {
		return c, nil
	}
	if c.Difference, err = c.shown(file, seen, made); err != nil {
		return c, err
	}
	c.Then, c.Now, err = r.responses(c.Record.Question, b)
	return c, err
}

// basisOf is the basis of a record, if its seal is the one of that day.
func (r *Reporter) basisOf(ctx context.Context, record report.Record) (b basis, err error) {
	if record.Method != methodName(survey.Method) {
		return b, fmt.Errorf("%w: %s, this program computes by %s", errOtherMethod, record.Method, methodName(survey.Method))
	}
	b = basis{asOf: record.AsOf, sealed: record.Sealed && record.Through != "", sample: r.sample}
	if record.Through == "" {
		return b, r.checkQuestion(record.Question)
	}
	b.seal, err = r.survey.SealOf(ctx, catalogue.Date(record.Through))
	switch {
	case errors.Is(err, survey.ErrNoSeal) || err == nil && b.seal.Seal != record.Seal:
		return b, fmt.Errorf("%w: %s", errOtherSeal, record.Through)
	case err != nil:
		return b, err
	}
	return b, r.checkQuestion(record.Question)
}

// checkQuestion names what nobody can have asked.
func (r *Reporter) checkQuestion(q report.Question) error {
	days := survey.Between(catalogue.Date(q.From), catalogue.Date(q.To))
	if err := surveyQuery(q, days, "", q.By...).Check(); err != nil {
		return fmt.Errorf("the question in it: %w: %s", err, fault.As(err).Code)
	}
	return nil
}

// shown compares what people read. A PDF is compared as a whole: it has to be as
// the program writes it, with nothing behind it but a signature.
func (c *Checked) shown(file []byte, seen report.Seen, made *report.Report) (*report.Difference, error) {
	if !document.IsPDF(file) {
		return seen.Differs(made), nil
	}
	made.Propose(c.Record.Open) // of tasks as they were: nothing that is checked
	var again bytes.Buffer
	if err := document.WriteReportPDF(&again, made); err != nil {
		return nil, err
	}
	rest, whole := bytes.CutPrefix(file, again.Bytes())
	if c.Signed = bytes.Contains(rest, []byte("/ByteRange")); whole && (len(rest) == 0 || c.Signed) {
		return nil, nil
	}
	return &report.Difference{Name: "text", Why: report.Rewrote}, nil
}

// responses counts those of the period, on the basis of a report and now.
func (r *Reporter) responses(q report.Question, b basis) (then, now int64, err error) {
	counted, err := r.segments.Tabulate(surveyQuery(q, periodOf(q), b.through()))
	if err != nil {
		return 0, 0, err
	}
	all, err := r.segments.Tabulate(surveyQuery(q, periodOf(q), ""))
	return counted.Overall.Responses, all.Overall.Responses, err
}
