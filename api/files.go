package api

import (
	"mime"
	"net/http"

	"github.com/labstack/echo/v4"

	"sipas/feedback"
)

// writeFile hands a file of a case over to be saved, never to be opened in place:
// whatever is in it runs in no page of ours, and no cache keeps it.
func writeFile(c echo.Context, f *feedback.File, content []byte) error {
	h := c.Response().Header()
	// Names that are not ASCII go out as RFC 5987 says.
	h.Set(echo.HeaderContentDisposition, mime.FormatMediaType("attachment", map[string]string{"filename": f.Name}))
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox; frame-ancestors 'none'")
	h.Set(echo.HeaderXContentTypeOptions, "nosniff")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set(echo.HeaderCacheControl, "no-store")
	return writeWhole(c, http.StatusOK, f.Type, content)
}
