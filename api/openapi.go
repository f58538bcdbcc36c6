package api

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"net/http"
	"strings"
	"sync"

	"github.com/labstack/echo/v4"

	"sipas/web"
)

// openAPI describes the interface in full; the tests of this package hold every
// request and every answer to it.
//
//go:embed openapi.yaml
var openAPI []byte

// openAPITag is the document's ETag: weak, since it is also sent compressed.
var openAPITag = sync.OnceValue(func() string {
	sum := sha256.Sum256(openAPI)
	return `W/"` + hex.EncodeToString(sum[:8]) + `"`
})

// openAPIDocument answers with the description. It changes with the program
// only, so that caches may keep it a while and ask with its tag after that.
func (s *Server) openAPIDocument(c echo.Context) error {
	h := c.Response().Header()
	h.Set("ETag", openAPITag())
	h.Set(echo.HeaderCacheControl, "public, max-age=300")
	if strings.Contains(c.Request().Header.Get("If-None-Match"), openAPITag()) {
		h.Add(echo.HeaderVary, echo.HeaderAcceptEncoding)
		return c.NoContent(http.StatusNotModified)
	}
	return writeCompressed(c, http.StatusOK, "application/yaml", openAPI)
}

// openAPIPage is the description for people.
func (s *Server) openAPIPage(c echo.Context) error {
	d, err := readOpenAPI()
	if err != nil {
		return err
	}
	return s.page(c, http.StatusOK, web.PageReference, d.view(s.base(c), s.publicURL("")))
}
