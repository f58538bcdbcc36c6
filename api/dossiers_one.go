package api

import (
	"bytes"
	"cmp"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"sipas/internal/catalogue"
	"sipas/internal/document"
	"sipas/internal/dossier"
	"sipas/internal/store"
	"sipas/web"
)

// dossierPage shows one dossier: its days, its slip, its apology.
func (s *Server) dossierPage(c echo.Context) error {
	d, err := s.dossiers.Get(c.Request().Context(), c.Param("code"))
	if err != nil {
		return err
	}
	return s.showDossier(c, http.StatusOK, d, s.slipForm(c, d), s.apologyForm(c, d))
}

func (s *Server) showDossier(c echo.Context, status int, d *dossier.Dossier, slip, apology web.Form) error {
	t, lang, today := s.words(c), language(c), s.today()
	issued, spent, err := s.survey.CodeState(c.Request().Context(), d.Code)
	if err != nil {
		return err
	}
	p := s.consolePage(c, "dossiers", t("dossier.one", d.Code))
	p.Up = web.Link{URL: dossiersPath, Text: t("dossier.title")}
	fact := func(name, text string) {
		if text != "" {
			p.Facts = append(p.Facts, web.Fact{Name: name, Text: text})
		}
	}
	standing := d.StandingOn(today)
	fact(t("dossier.standing"), t("dossier.standing."+string(standing)))
	fact(t("cat.one.procedure"), s.valueName("procedure", d.Procedure, lang, d.ReceivedOn))
	fact(t("cat.one.area"), s.valueName("area", d.Area, lang, today))
	fact(t("cat.one.desk"), s.valueName("desk", d.Desk, lang, today))
	fact(t("cat.one.unit"), s.valueName("unit", d.Unit, lang, today))
	for _, x := range []struct {
		key string
		on  catalogue.Date
	}{{"received", d.ReceivedOn}, {"due", d.DueOn}, {"returned", d.ReturnedOn}, {"apology", d.ApologyOn}, {"promised", d.PromisedOn}} {
		if x.on != "" {
			fact(t("dossier."+x.key), dayText(lang, x.on))
		}
	}
	if d.Outcome != "" {
		fact(t("dossier.outcome"), t("value.outcome."+d.Outcome))
	}
	switch {
	case spent:
		fact(t("dossier.slip"), t("dossier.slip.spent"))
	case issued:
		fact(t("dossier.slip"), t("dossier.slip.issued"))
	}
	if hasPart(c, dossierImportRoles) && !spent {
		p.Forms = append(p.Forms, slip)
	}
	if late := standing == dossier.Late || standing == dossier.Overdue; late || standing == dossier.Running {
		p.Actions = []web.Action{{URL: dossierPath(d.Code) + "/phieu-xin-loi.docx", Text: t("dossier.letter.get"), Download: true}}
		if hasPart(c, apologyRoles) {
			p.Forms = append(p.Forms, apology)
		}
	}
	return s.page(c, status, web.PageConsole, p)
}

// slipForm asks for a slip. Its key makes the code, so that the same form sent
// again prints the same slip.
func (s *Server) slipForm(c echo.Context, d *dossier.Dossier) web.Form {
	t := s.words(c)
	key := make([]byte, 16)
	_, _ = rand.Read(key) // never fails (package crypto/rand)
	stage := web.Input{Name: "stage", Label: t("dossier.stage"), Type: web.InputSelect, Value: stageOf(d), Required: true}
	for _, x := range stages {
		stage.Options = append(stage.Options, web.Choice{Value: x, Text: t("value.stage." + x)})
	}
	return web.Form{
		ID: "slip", Action: dossierPath(d.Code) + "/phieu", Heading: t("dossier.slip.title"), Lead: t("dossier.slip.lead"), Submit: t("dossier.slip.print"),
		Inputs: []web.Input{stage}, Hidden: []web.Choice{{Value: "key", Text: hex.EncodeToString(key)}},
	}
}

// printSlip makes the one-time code and answers with the slip: the only place
// where the code stands.
func (s *Server) printSlip(c echo.Context) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	d, link, err := s.issueCode(c, c.Param("code"), form.Get("stage"), form.Get("key"))
	if d == nil {
		return err
	}
	if err != nil {
		f := s.slipForm(c, d)
		status, err := s.refill(c, &f, form, err)
		if err != nil {
			return err
		}
		return s.showDossier(c, status, d, f, s.apologyForm(c, d))
	}
	p, err := s.poster(c, link)
	if err != nil {
		return err
	}
	t, lang := s.words(c), language(c)
	p.Line = t("dossier.slip.line")
	p.Desk = document.Note{Label: t("dossier.slip.about"), Lines: []string{d.Code}, After: s.valueName("procedure", d.Procedure, lang, d.ReceivedOn)}
	return s.writePDF(c, t("dossier.slip.title"), "phieu-"+strings.ToLower(d.Code), func(w io.Writer, about document.About) error {
		return document.WriteSlip(w, about, p)
	})
}

func (s *Server) apologyForm(c echo.Context, d *dossier.Dossier) web.Form {
	t := s.words(c)
	return web.Form{
		ID: "apology", Action: dossierPath(d.Code) + "/xin-loi", Heading: t("dossier.apology.title"), Lead: t("dossier.apology.lead"), Submit: t("dossier.apology.save"), Quiet: true,
		Inputs: []web.Input{
			{Name: "apologyOn", Label: t("dossier.apology"), Type: web.InputDate, Value: string(cmp.Or(d.ApologyOn, s.today())), Required: true},
			{Name: "promisedOn", Label: t("dossier.promised"), Type: web.InputDate, Value: string(d.PromisedOn)},
		},
	}
}

// apologise records that a written apology was given.
func (s *Server) apologise(c echo.Context) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	d, err := s.dossiers.Get(ctx, c.Param("code"))
	if err != nil {
		return err
	}
	next, err := d.Apologise(catalogue.Date(form.Get("apologyOn")), catalogue.Date(form.Get("promisedOn")), s.today())
	if err == nil {
		err = s.audited(c, "dossier.apology", "dossier/"+d.Code, nil, func() error { return s.dossiers.Replace(ctx, next) })
	}
	if errors.Is(err, store.ErrStale) { // an import in this moment: the page shows what it brought
		if d, err = s.dossiers.Get(ctx, d.Code); err == nil {
			err = store.ErrStale
		}
	}
	if err != nil {
		f := s.apologyForm(c, d)
		status, err := s.refill(c, &f, form, err)
		if err != nil {
			return err
		}
		return s.showDossier(c, status, d, s.slipForm(c, d), f)
	}
	return done(c, dossierPath(d.Code), "dossier.apology")
}

// apologyLetter is the letter of apology as a Word file, to be finished there:
// name and reason are nobody's but the office's, and are not kept here.
func (s *Server) apologyLetter(c echo.Context) error {
	d, err := s.dossiers.Get(c.Request().Context(), c.Param("code"))
	if err != nil {
		return err
	}
	vi := web.Languages()[0] // a letter of a state office is in Vietnamese
	noon := func(on catalogue.Date) time.Time {
		if on == "" {
			return time.Time{}
		}
		return on.Start().Add(12 * time.Hour)
	}
	l := &document.Letter{
		Kind: document.LetterApology, Office: s.officeName(vi), On: s.Now().In(catalogue.Zone), Matter: "hồ sơ", Of: "mã hồ sơ",
		Subject: s.valueName("procedure", d.Procedure, vi, d.ReceivedOn), Code: d.Code,
		Received: noon(d.ReceivedOn), Due: noon(d.DueOn), Until: noon(d.PromisedOn),
	}
	var file bytes.Buffer
	if _, err := l.WriteTo(&file); err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderContentDisposition, `attachment; filename="phieu-xin-loi-`+strings.ToLower(d.Code)+`.docx"`)
	return writeWhole(c, http.StatusOK, wordFile, file.Bytes())
}
