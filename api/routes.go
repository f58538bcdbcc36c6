package api

import (
	"github.com/labstack/echo/v4"

	"sipas/internal/staff"
)

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
	e.GET(feedbackPath, s.feedbackForm)
	e.POST(feedbackPath, s.feedbackSubmit, limited)
	e.GET(lookupPath, s.lookupForm)
	e.POST(lookupPath, s.lookUp, allowBody(maxFeedbackText))
	e.POST(lookupPath+"/tin-nhan", s.messageSent, limited, allowBody(maxFeedbackText))
	e.POST(lookupPath+"/danh-gia", s.ratingSent, limited, allowBody(maxFeedbackText))
	e.POST(lookupPath+"/tep", s.senderFile)
	e.GET(lookupPath+"/:what", s.toLookup)
	e.GET(resultsPath, s.results)
	e.GET(resultsPath+".csv", s.resultsCSV)
	e.GET(resultsPath+".json", s.resultsJSON)
	e.GET("/quyen-rieng-tu", s.privacy)
	e.GET("/api", s.openAPIPage)

	// Operations.
	e.GET("/healthz", s.healthz)
	e.GET("/readyz", s.readyz)

	// Staff.
	e.GET("/static/:name", s.asset)
	e.GET("/dang-nhap", s.signInPage)
	e.POST("/dang-nhap", s.signIn, allowBody(maxSignInBody))
	e.GET("/dang-xuat", s.signOutPage, s.signedIn(staff.Roles...))
	e.POST("/dang-xuat", s.signOut)
	e.GET("/lam-viec", s.toWork)
	e.GET("/lam-viec/", s.work, s.signedIn(staff.Roles...))
	e.GET("/lam-viec/toi", s.myPage, s.signedIn(staff.Roles...))
	e.POST("/lam-viec/toi", s.changePassword, s.signedIn(staff.Roles...))
	e.POST("/lam-viec/toi/dang-xuat-moi-noi", s.signOutEverywhere, s.signedIn(staff.Roles...))

	qr := e.Group("/lam-viec/ma-qr", s.signedIn(linkRoles...))
	qr.GET("", s.linksPage)
	qr.GET("/moi", s.newLinkPage)
	qr.POST("/moi", s.addLink)
	qr.GET("/to-in", s.sheetPage)
	qr.GET("/to-in.pdf", s.sheet)
	qr.GET("/:code", s.linkPage)
	qr.GET("/:code/sua", s.editLinkPage)
	qr.POST("/:code/sua", s.editLink)
	qr.POST("/:code/dong", s.closeLink)
	qr.POST("/:code/mo", s.reopenLink)

	paper := e.Group(paperPath, s.signedIn(paperRoles...))
	paper.GET("", s.paperPage)
	paper.GET("/:code", s.paperForm)
	paper.POST("/:code", s.enterPaper)
	paper.GET("/:code/phieu.pdf", s.paperPDF)

	e.GET(dossiersPath, s.dossiersPage, s.signedIn(dossierRoles...))
	e.GET(samplePath, s.samplePage, s.signedIn(sampleRoles...))
	e.GET(dossiersPath+"/:code", s.dossierPage, s.signedIn(dossierRoles...))
	e.GET(dossiersPath+"/:code/phieu-xin-loi.docx", s.apologyLetter, s.signedIn(dossierRoles...))
	e.POST(dossiersPath+"/:code/xin-loi", s.apologise, s.signedIn(apologyRoles...))
	loading := e.Group(dossiersPath, s.signedIn(dossierImportRoles...))
	loading.POST("/:code/phieu", s.printSlip)
	loading.GET("/nap", s.dossierUploadPage)
	e.POST(dossierImportPath, s.uploadDossiers, keepFields, s.signedIn(dossierImportRoles...))
	loading.POST("/nap/cot", s.remapDossiers)
	loading.POST("/nap/ghi", s.applyDossiers)
	loading.GET("/nap/xong", s.dossiersLoaded)

	taking := s.signedIn(takerRoles...)
	e.GET(takePath, s.takePage, taking)
	e.POST(takePath, s.takeDown, allowBody(maxFeedbackText), keepFields, taking)

	rows := e.Group(cataloguePath, s.signedIn(staff.Roles...))
	rows.GET("", s.cataloguePage)
	rows.GET("/:kind", s.kindListPage)
	rows.GET("/:kind/:id", s.thingPage)
	editors := e.Group(cataloguePath, s.signedIn(editorRoles...))
	editors.GET("/:kind/moi", s.newThingPage)
	editors.POST("/:kind/moi", s.addThing)
	for path, form := range map[string]func(echo.Context) thingForm{
		"/doi": s.reviseForm, "/sua": s.editForm, "/ket-thuc": s.endForm, "/xac-nhan": s.confirmForm,
	} {
		editors.GET("/:kind/:id"+path, s.formPage(form))
		editors.POST("/:kind/:id"+path, s.formSent(form))
	}
	editors.POST("/:kind/:id/rut", s.formSent(s.withdrawing))
	editors.GET("/thu-tuc/nhap", s.importPage)
	editors.POST("/thu-tuc/nhap", s.previewImport)
	editors.POST("/thu-tuc/nhap/ghi", s.applyImport)
	editors.GET("/thu-tuc/nhap/xong", s.importedPage)
	editors.GET("/thu-tuc/danh-muc.csv", s.procedureList)

	asked, reading := e.Group(questionnairesPath), s.signedIn(staff.Roles...)
	asked.GET("", s.questionnairesPage, reading)
	asked.GET("/:ref", s.questionnairePage, reading)
	asked.GET("/:ref/xem", s.previewVersion, reading)
	asked.GET("/nhap/:ref/xem", s.previewDraft, reading)
	writing := s.signedIn(editorRoles...)
	asked.GET("/moi", s.newQuestionnairePage, writing)
	asked.POST("/moi", s.addQuestionnaire, writing)
	asked.POST("/:ref/sua", s.amendQuestionnaire, writing)
	asked.POST("/:ref/rut", s.withdrawQuestionnaire, writing)
	asked.POST("/:ref/ban-moi", s.newVersion, writing)
	asked.GET("/nhap/:ref", s.draftPage, writing)
	asked.POST("/nhap/:ref", s.editDraft, allowBody(maxDraftBody), writing)
	asked.POST("/nhap/:ref/ban-moi", s.renumberDraft, writing)
	asked.POST("/nhap/:ref/bo", s.discardDraft, writing)
	asked.GET("/nhap/:ref/cong-bo", s.publishPage, writing)
	asked.POST("/nhap/:ref/cong-bo", s.publish, writing)

	templates := e.Group(templatesPath, s.signedIn(templateRoles...))
	templates.GET("", s.templatesPage)
	templates.GET("/moi", s.newTemplatePage)
	templates.POST("/moi", s.addTemplate, allowBody(maxStepBody))
	templates.GET("/:template", s.editTemplatePage)
	templates.POST("/:template", s.editTemplate, allowBody(maxStepBody))
	templates.POST("/:template/xoa", s.removeTemplate)
	e.GET(bulkPath, s.toCases, s.signedIn(assignRoles...))
	e.POST(bulkPath, s.assignMany, allowBody(maxStepBody), s.signedIn(assignRoles...))

	accounts := e.Group(accountsPath, s.signedIn(accountRoles...))
	accounts.GET("", s.accountsPage)
	accounts.GET("/moi", s.newAccountPage)
	accounts.POST("/moi", s.addAccount)
	accounts.GET("/:account", s.accountPage)
	accounts.GET("/:account/sua", s.editAccountPage)
	accounts.POST("/:account/sua", s.editAccount)
	accounts.POST("/:account/mat-khau", s.resetPassword)
	accounts.POST("/:account/dang-xuat", s.endSessions)
	accounts.POST("/:account/khoa", s.disableAccount)
	accounts.POST("/:account/mo-khoa", s.enableAccount)

	tokens := accounts.Group("/ma-truy-cap")
	tokens.GET("", s.tokensPage)
	tokens.GET("/moi", s.newTokenPage)
	tokens.POST("/moi", s.addToken)
	tokens.GET("/:token", s.tokenPage)
	tokens.POST("/:token/thu-hoi", s.revokeToken)

	e.GET(caseFiguresPath, s.caseFiguresPage, s.signedIn(caseFigureRoles...))

	figures := e.Group(statisticsPath, s.signedIn(statisticsRoles...))
	figures.GET("", s.statisticsPage)
	figures.GET("/keo-xuong", s.pullsPage)
	figures.GET("/hai-chieu", s.crossPage)

	e.GET(reportsPath, s.reportsPage, s.signedIn(reportRoles...))

	editions := e.Group(editionsPath, s.signedIn(editionRoles...))
	editions.GET("", s.editionsPage)
	editions.GET("/moi", s.newEditionPage)
	editions.POST("/moi", s.publishEdition)

	e.GET(auditPath, s.auditPage, s.signedIn(auditRoles...))
	e.GET(auditPath+".csv", s.auditCSV, s.signedIn(auditRoles...))

	queue := e.Group(casesPath, s.signedIn(caseRoles...))
	queue.GET("", s.casesPage)
	queue.GET("/:code", s.casePage)
	queue.GET("/:code/van-ban/:letter", s.caseLetter)
	e.POST(casesPath+"/:code/lien-he", s.showContact, s.signedIn(contactRoles...))
	steps := e.Group(casesPath+"/:code/buoc", s.signedIn(stepRoles...))
	steps.GET("/:step", s.stepPage)
	steps.POST("/:step", s.sendStep, allowBody(maxStepForm))

	e.GET(noticesPath, s.noticesPage, s.signedIn(noticeRoles...))

	// JSON.
	v1 := e.Group("/api/v1")
	v1.GET("/surveys/:code", s.surveyJSON)
	v1.POST("/surveys/:code/responses", s.respond, limited)
	v1.POST("/feedback", s.sendFeedback, limited)
	v1.POST("/feedback/lookup", s.lookUpJSON)
	v1.POST("/feedback/:code/messages", s.messageJSON, limited)
	v1.POST("/feedback/:code/rating", s.ratingJSON, limited)
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
	v1.GET("/statistics", s.statistics, s.only(statisticsRoles...))

	exports := v1.Group("/exports")
	for _, format := range []string{FormatCSV, FormatExcel} {
		exports.GET("/responses."+format, s.exportResponses(format), s.only(responseExportRoles...))
		exports.GET("/cases."+format, s.exportCases(format), s.only(caseExportRoles...))
	}
	for _, format := range ReportFormats {
		v1.GET("/reports/satisfaction."+format, s.satisfactionReport(format), s.only(satisfactionRoles...))
	}
	exports.GET("/codebook.csv", s.exportCodeBook, s.only(responseExportRoles...))

	links := v1.Group("/links", s.only(linkRoles...))
	links.POST("", s.createLink)
	links.GET("", s.listLinks)
	links.GET("/:code", s.getLink)
	links.PATCH("/:code", s.changeLink)
	links.GET("/:code/qr.svg", s.linkQRSVG)
	links.GET("/:code/qr.png", s.linkQRPNG)
	links.GET("/:code/poster.pdf", s.linkPoster)

	dossiers := v1.Group("/dossiers")
	dossiers.POST("", s.importDossiers, s.only(dossierImportRoles...))
	dossiers.GET("/statistics", s.dossierStatistics, s.only(dossierFigureRoles...))
	dossiers.POST("/:code/survey", s.dossierSurvey, s.only(dossierImportRoles...))

	cases := v1.Group("/cases")
	cases.GET("", s.listCases, s.only(caseRoles...))
	cases.GET("/statistics", s.caseStatistics, s.only(caseFigureRoles...))
	cases.GET("/:code", s.getCase, s.only(caseRoles...))
	cases.GET("/:code/contact", s.caseContact, s.only(contactRoles...))
	cases.GET("/:code/files/:id", s.caseFileContent, s.only(caseRoles...))
	cases.POST("/:code/steps", s.addStep, allowBody(maxStepBody), s.only(stepRoles...))
}
