package api

import (
	"io"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"sipas/internal/catalogue"
	"sipas/survey"
)

// publicView is an edition for programs.
type publicView struct {
	summaryView
	Edition  *editionView  `json:"edition"`  // null: nothing is published yet
	Channels []channelView `json:"channels"` // null: would show single people
}

type editionView struct {
	Number      int            `json:"number"`
	PublishedAt string         `json:"publishedAt"`
	Note        string         `json:"note"`
	Corrects    *int           `json:"corrects"`
	Reason      *string        `json:"reason"`
	Sealed      catalogue.Date `json:"sealed"`
	Seal        string         `json:"seal"`
	Others      []int          `json:"others"`
}

type channelView struct {
	Channel   survey.Channel `json:"channel"`
	Responses int64          `json:"responses"`
}

// publicStatistics is /ket-qua for programs.
func (s *Server) publicStatistics(c echo.Context) error {
	e, err := s.published(c)
	if err != nil {
		return err
	}
	return writeJSON(c, http.StatusOK, s.viewEdition(e, language(c)))
}

func (s *Server) viewEdition(e *survey.Edition, lang string) publicView {
	v := publicView{summaryView: s.viewSummary(e.Summary(), lang)}
	for i := range v.Groups {
		v.Groups[i].Name = s.areaName(e.Areas[i], lang)
	}
	for _, share := range e.Channels {
		v.Channels = append(v.Channels, channelView(share))
	}
	if e.Number == 0 {
		return v
	}
	v.Edition = &editionView{Number: e.Number, PublishedAt: inZone(e.PublishedAt), Note: e.Note, Reason: orNull(e.Reason), Sealed: e.Through, Seal: e.Seal, Others: []int{}}
	if e.Corrects > 0 {
		v.Edition.Corrects = &e.Corrects
	}
	for _, other := range s.survey.Editions() {
		if other.Number != e.Number {
			v.Edition.Others = append(v.Edition.Others, other.Number)
		}
	}
	return v
}

// resultsJSON is the edition as a file.
func (s *Server) resultsJSON(c echo.Context) error {
	e, err := s.published(c)
	if err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderContentDisposition, `attachment; filename="`+editionFile(e)+`.json"`)
	return writeJSON(c, http.StatusOK, s.viewEdition(e, language(c)))
}

// resultsCSV is the table of the edition as a file.
func (s *Server) resultsCSV(c echo.Context) error {
	e, err := s.published(c)
	if err != nil {
		return err
	}
	return s.sendFile(c, editionFile(e)+".csv", csvType, func(w io.Writer) error {
		return writeCSV(w, exportTable[survey.EditionLine]{"edition", survey.EditionColumns(), func(yield func(survey.EditionLine, error) bool) {
			for _, line := range e.Lines() {
				if !yield(line, nil) {
					return
				}
			}
		}})
	})
}

func editionFile(e *survey.Edition) string {
	name := "ket-qua-" + e.From.Month()
	if e.To.Month() != e.From.Month() {
		name += "-den-" + e.To.Month()
	}
	if e.Number > 0 {
		name += "-ban-" + strconv.Itoa(e.Number)
	}
	return name
}
