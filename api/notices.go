package api

import (
	"context"
	"errors"
	"strings"

	"sipas/feedback"
	"sipas/internal/catalogue"
	"sipas/internal/mail"
	"sipas/internal/outbox"
	"sipas/web"
)

// toAccount marks a notice for one officer: what a unit is told becomes one such
// notice for each of its people, so that one mailbox that refuses holds up nobody
// else's.
const toAccount = "account:"

// Tell tells one notice by mail. A letter says which case it is and where to read
// on, and nothing of what is in it: mail can be read by others.
func (s *Server) Tell(ctx context.Context, n outbox.Notice) error {
	cs, e, err := s.feedback.Noticed(ctx, n, s.Now())
	if err != nil {
		return err
	}
	if unit := feedback.NoticeUnit(n); unit != "" {
		return s.tellUnit(ctx, n, cs, unit)
	}
	var l mail.Letter
	if account, found := strings.CutPrefix(n.To, toAccount); found {
		l, err = s.letterToOfficer(ctx, account, n, cs)
	} else {
		l, err = s.letterToSender(cs, e)
	}
	if err != nil {
		return err
	}
	if l.To == "" {
		return outbox.ErrMoot
	}
	l.ID = n.ID
	err = s.Mail.Send(ctx, l)
	switch {
	case errors.Is(err, mail.ErrRefused):
		return outbox.ErrRefused.Because(err)
	case errors.Is(err, mail.ErrAway):
		return outbox.ErrAway.Because(err)
	}
	return err
}

// tellUnit leaves a notice for each of the unit who may see the case.
func (s *Server) tellUnit(ctx context.Context, n outbox.Notice, cs *feedback.Case, unit string) error {
	accounts, err := s.staff.Accounts(ctx)
	if err != nil {
		return err
	}
	var each []outbox.Notice
	for _, a := range accounts {
		o := caseOfficerOf(a.Officer(), a.Name)
		if a.Disabled || a.Email == "" || o.Role != feedback.RoleUnit || o.Unit != unit || !feedback.Visible(o, cs).Read {
			continue
		}
		each = append(each, outbox.Notice{ID: n.ID + "-" + a.ID, About: n.About, What: n.What, Event: n.Event, To: toAccount + a.ID})
	}
	if len(each) == 0 {
		return outbox.ErrMoot
	}
	return s.feedback.Outbox().Put(ctx, s.Now(), each...)
}

// letterToOfficer is empty if the officer may not see the case any more.
func (s *Server) letterToOfficer(ctx context.Context, account string, n outbox.Notice, cs *feedback.Case) (mail.Letter, error) {
	a, err := s.staff.Account(ctx, account)
	if err != nil {
		return mail.Letter{}, err
	}
	if a.Disabled || !feedback.Visible(caseOfficerOf(a.Officer(), a.Name), cs).Read {
		return mail.Letter{}, nil
	}
	lang := web.Languages()[0]
	what, code, due := n.What, feedback.FormatCode(cs.Code), web.Date(lang, cs.DueAt.In(catalogue.Zone))
	t := func(key string, args ...any) string { return s.pages.Text(lang, key, args...) }
	return mail.Letter{
		To:      a.Email,
		Subject: t("mail.officer."+what+".subject", code),
		Text:    t("mail.officer."+what, code, due) + "\n\n" + s.publicURL("/lam-viec/vu-viec") + "\n\n" + t("mail.foot", s.officeName(lang)) + "\n",
	}, nil
}

// letterToSender is empty if the sender gave no address.
func (s *Server) letterToSender(cs *feedback.Case, e *feedback.Event) (mail.Letter, error) {
	to, err := s.feedback.NoticeAddress(cs)
	if err != nil || to == "" {
		return mail.Letter{}, err
	}
	lang := web.Language(cs.Lang)
	t := func(key string, args ...any) string { return s.pages.Text(lang, key, args...) }
	code, what := feedback.FormatCode(cs.Code), "mail.sender."+string(e.Step)
	return mail.Letter{
		To:      to,
		Subject: t(what+".subject", code),
		Text: t("mail.greeting") + "\n\n" + t(what, code) + "\n\n" + t("mail.lookup") + "\n" + s.publicURL("/tra-cuu") + "\n\n" +
			t("mail.foot", s.officeName(lang)) + "\n",
	}, nil
}
