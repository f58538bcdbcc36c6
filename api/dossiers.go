package api

import (
	"context"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"sipas/internal/dossier"
	"sipas/internal/fault"
	"sipas/internal/sheet"
	"sipas/internal/staff"
)

const dossiersPath = "/lam-viec/ho-so"

// Who does what with dossiers.
var (
	dossierRoles       = []staff.Role{staff.Desk, staff.Office, staff.Leader, staff.Admin}
	dossierImportRoles = []staff.Role{staff.Desk, staff.Admin}
	dossierFigureRoles = []staff.Role{staff.Office, staff.Admin, staff.Leader}
	apologyRoles       = []staff.Role{staff.Desk, staff.Office, staff.Admin}
)

// dossierTime is how long a list may take to come and to be taken in.
const dossierTime = 20 * time.Minute

// listsAtOnce is how many lists one server reads at a time: each is in memory,
// a workbook unpacked.
const listsAtOnce = 2

var (
	errListsBusy    = fault.New(fault.Unavailable, "lists_busy").After(10 * time.Second)
	errListTooLarge = fault.New(fault.TooLarge, "list_too_large")
)

// reading takes one of the places of listsAtOnce and gives the request the time
// that a list needs. The caller calls done.
func (s *Server) reading(c echo.Context) (done func(), err error) {
	select {
	case s.lists <- struct{}{}:
	default:
		return nil, errListsBusy
	}
	// Where deadlines cannot be set the server's own hold.
	wait := http.NewResponseController(c.Response())
	_ = wait.SetReadDeadline(time.Now().Add(dossierTime))
	_ = wait.SetWriteDeadline(time.Now().Add(dossierTime + time.Minute))
	return func() { <-s.lists }, nil
}

// dossierList is a list as it came.
type dossierList struct {
	file     []byte
	headings []string
	mapping  dossier.Mapping
}

// openList finds headings and mapping of a list. The error is an Invalid fault
// about "file", or the store's.
func (s *Server) openList(ctx context.Context, file []byte) (*dossierList, error) {
	if len(file) == 0 {
		return nil, wrongFile("required")
	}
	if len(file) > dossier.MaxFile {
		return nil, wrongFile(sheet.CodeLarge, dossier.MaxFile>>20)
	}
	l := &dossierList{file: file}
	opened, err := l.open()
	if err != nil {
		return nil, err
	}
	l.headings = opened.Headings
	l.mapping, err = s.dossiers.MappingFor(ctx, l.headings)
	return l, err
}

func (l *dossierList) open() (*sheet.Sheet, error) { return sheet.Open(l.file, dossier.KnownHeadings) }

// source yields the lines of the list.
func (s *Server) source(l *dossierList) (dossier.Source, dossier.Columns) {
	return dossier.FromSheet(l.open, l.mapping, s.survey.Catalogue(), s.today()), l.mapping.Columns()
}

func wrongFile(code string, args ...any) error {
	var bad fault.Fields
	bad.Add("file", code, args...)
	return bad.Err()
}
