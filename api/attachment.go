package api

import (
	"mime"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"sipas/feedback"
)

// writeAttachment answers with a file that somebody sent with a case, for saving
// and for nothing else: its type is what its content is, and a browser that shows
// it all the same runs and loads nothing.
func writeAttachment(c echo.Context, f *feedback.File, content []byte) error {
	h := c.Response().Header()
	h.Set(echo.HeaderCacheControl, "no-store")
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'; frame-ancestors 'none'")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set(echo.HeaderContentDisposition, disposition(f.Name))
	return writeWhole(c, http.StatusOK, f.Type, content)
}

// disposition names a download as it is called (RFC 6266, RFC 5987), and for old
// programs in ASCII.
func disposition(name string) string {
	exact := mime.FormatMediaType("attachment", map[string]string{"filename": name})
	ascii := strings.Map(func(r rune) rune {
		if r > '~' || r == '"' || r == '\\' || r == '%' {
			return '_'
		}
		return r
	}, plain(name))
	if !strings.Contains(exact, "filename*=") {
		return exact
	}
	return `attachment; filename="` + ascii + `"` + strings.TrimPrefix(exact, "attachment")
}
