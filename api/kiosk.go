package api

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"sipas/survey"
	"sipas/web"
)

// kioskComment is the longest free text on a tablet, in characters: people
// stand there, others wait, and a day without a network has to fit its storage.
const kioskComment = 500

// kiosk shows the survey for a tablet at the desk (máy đặt tại quầy). The page
// asks for its own head now and then: the ETag tells it that it has to be loaded
// anew, 410 and 404 that nothing is taken in at present.
func (s *Server) kiosk(c echo.Context) error {
	form, err := s.survey.OpenForm(c.Request().Context(), c.Param("code"), s.Now())
	if err != nil {
		return s.failForm(c, form, err)
	}
	switch {
	case form.Link.Kind != survey.KindKiosk:
		return s.notKiosk(c, form.Link.Code)
	case c.Param("code") != form.Link.Code: // one page, one address, one copy on the tablet
		return c.Redirect(http.StatusSeeOther, localPath(c, kioskPath(form.Link.Code)))
	}
	view := s.kioskView(c, form)
	var page bytes.Buffer
	if err := s.pages.Render(&page, web.PageKiosk, language(c), view); err != nil {
		return err
	}
	// The edition names everything that the page is made of but itself.
	sum := sha256.Sum256(page.Bytes())
	view.Edition = hex.EncodeToString(sum[:8])
	page.Reset()
	if err := s.pages.Render(&page, web.PageKiosk, language(c), view); err != nil {
		return err
	}
	tag := `W/"` + view.Edition + `"` // weak, since it is also sent compressed
	c.Response().Header().Set("ETag", tag)
	return writePage(c, http.StatusOK, page.Bytes(), web.CSP(page.Bytes(), "worker-src 'self'", "manifest-src 'self'"))
}

func kioskPath(code string) string { return "/kiosk/" + code }

// notKiosk says where the survey behind another kind of code is.
func (s *Server) notKiosk(c echo.Context, code string) error {
	return s.page(c, http.StatusNotFound, web.PageNotice, web.Notice{
		Base: s.base(c), Kind: web.NoticeNotKiosk,
		Links: []web.Link{{URL: "/k/" + code, Text: s.pages.Text(language(c), "kiosk.open")}},
	})
}

func (s *Server) kioskView(c echo.Context, form *survey.Form) web.Kiosk {
	code := form.Link.Code
	base := s.base(c)
	base.Path = kioskPath(code)
	v := web.Kiosk{
		Base: base, Code: code, Action: "/k/" + code, Manifest: kioskPath(code) + "/manifest.webmanifest",
		LinkTitle: form.Link.Title, Questionnaire: form.Questionnaire.Ref(), MaxComment: kioskComment,
		Languages: map[string]web.KioskLanguage{},
	}
	for _, lang := range web.Languages() {
		v.Languages[lang] = web.KioskLanguage{Questions: s.questions(form, lang), OfficeName: s.officeName(lang)}
	}
	return v
}

// manifestIcon and manifest are what a browser wants to know of a page that can
// be installed (W3C, Web Application Manifest).
type manifestIcon struct {
	Source  string `json:"src"`
	Sizes   string `json:"sizes"`
	Type    string `json:"type"`
	Purpose string `json:"purpose"`
}

type manifest struct {
	ID         string         `json:"id"`
	Name       string         `json:"name"`
	ShortName  string         `json:"short_name"`
	Lang       string         `json:"lang"`
	StartURL   string         `json:"start_url"`
	Scope      string         `json:"scope"`
	Display    string         `json:"display"`
	Background string         `json:"background_color"`
	Theme      string         `json:"theme_color"`
	Icons      []manifestIcon `json:"icons"`
}

func (s *Server) kioskManifest(c echo.Context) error {
	form, err := s.survey.OpenForm(c.Request().Context(), c.Param("code"), s.Now())
	if err != nil {
		return err
	}
	if form.Link.Kind != survey.KindKiosk {
		return survey.ErrNoLink
	}
	lang, path := language(c), kioskPath(form.Link.Code)
	m := manifest{
		ID: path, Name: s.pages.Text(lang, "kiosk.title") + " – " + s.officeName(lang), ShortName: s.pages.Text(lang, "kiosk.title"),
		Lang: lang, StartURL: localPath(c, path), Scope: path, Display: "fullscreen",
		Background: "#f5f7f4", Theme: "#0b5d4e", // ground and head of tokens.css
	}
	for _, size := range web.KioskIconSizes() {
		m.Icons = append(m.Icons, manifestIcon{"/kiosk/icon/" + size + ".png", size + "x" + size, "image/png", "any maskable"})
	}
	b, err := json.Marshal(m)
	if err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderCacheControl, "no-cache")
	return writeCompressed(c, http.StatusOK, "application/manifest+json", b)
}

// kioskWorker is the script that keeps the page on the tablet; its place makes
// /kiosk/ the only part of the site that it may touch.
func (s *Server) kioskWorker(c echo.Context) error {
	h := c.Response().Header()
	h.Set("Content-Security-Policy", "default-src 'none'; connect-src 'self'") // a worker is held to its own
	h.Set(echo.HeaderCacheControl, "no-cache")
	return writeCompressed(c, http.StatusOK, "text/javascript; charset=utf-8", []byte(s.pages.KioskWorker()))
}

func (s *Server) kioskIcon(c echo.Context) error {
	size, isPNG := strings.CutSuffix(c.Param("file"), ".png")
	icon := web.KioskIcon(size)
	if !isPNG || icon == nil {
		return echo.ErrNotFound
	}
	c.Response().Header().Set(echo.HeaderCacheControl, "public, max-age=86400")
	return writeWhole(c, http.StatusOK, "image/png", icon)
}
