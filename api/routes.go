package api

import "sipas/internal/staff"

// routes lists every address of the program.
func (s *Server) routes() {
	e := s.echo
	e.Use(s.identify, s.record, s.headers, s.survive)

	// Citizens: no account, no cookie.
	limited := s.limitAddress()
	e.GET("/", s.home)
	e.GET("/k", s.typedCode)
	e.GET("/k/", s.typedCode)
	e.GET("/k/:code", s.surveyForm)
	e.POST("/k/:code", s.surveySubmit, limited)
	e.GET("/k/:code/cam-on", s.surveyThanks)
	e.GET("/kiosk/:code", s.kiosk)
	e.GET("/kiosk/:code/manifest.webmanifest", s.kioskManifest)
	e.GET("/kiosk/sw.js", s.kioskWorker)
	e.GET("/kiosk/icon/:file", s.kioskIcon)
	e.GET("/ket-qua", s.results)
	e.GET("/quyen-rieng-tu", s.privacy)
	e.GET("/api", s.openAPIPage)

	// Operations.
	e.GET("/healthz", s.healthz)
	e.GET("/readyz", s.readyz)

	// JSON.
	v1 := e.Group("/api/v1")
	v1.GET("/surveys/:code", s.surveyJSON)
	v1.POST("/surveys/:code/responses", s.respond, limited)
	v1.GET("/areas", s.listAreas)
	v1.GET("/procedures", s.listProcedures)
	v1.GET("/units", s.listUnits)
	v1.GET("/desks", s.listDesks)
	v1.GET("/targets", s.listTargets)
	v1.GET("/questionnaires", s.listQuestionnaires)
	v1.GET("/public/statistics", s.publicStatistics)
	v1.GET("/seals", s.listSeals)
	v1.GET("/seals/:date", s.getSeal)
	v1.GET("/openapi.yaml", s.openAPIDocument)

	v1.GET("/me", s.me, s.only(staff.Roles...))
	v1.GET("/statistics", s.statistics, s.only(staff.Office, staff.Admin, staff.Leader))

	links := v1.Group("/links", s.only(staff.Desk, staff.Office, staff.Admin))
	links.POST("", s.createLink)
	links.GET("", s.listLinks)
	links.GET("/:code", s.getLink)
	links.PATCH("/:code", s.changeLink)
	links.GET("/:code/qr.svg", s.linkQRSVG)
	links.GET("/:code/qr.png", s.linkQRPNG)
}
