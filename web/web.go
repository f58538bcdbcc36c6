// Package web turns views into the HTML pages that citizens and staff read.
//
// A page is rendered by name from a view type. Everything a citizen's page needs stands in the page itself: style and
// script are inline and allowed by their hashes (see CSP), so that one answer from the server is the whole page. The
// staff's pages, "console/…", share one style and one script, which browsers keep (see Asset).
// Texts of the interface come from locale/*.json; texts that are data (questionnaires, areas, desks) arrive in the view,
// already in the page's language.
package web

import "embed"

//go:embed templates/*.html templates/console/*.html static/*.css static/*.js static/vendor/*.css static/vendor/*.js locale/*.json icon/*.png
var files embed.FS

// Names of the pages that Pages.Render knows, each with the view that it wants.
const (
	PageSurvey  = "survey"  // SurveyForm
	PageThanks  = "thanks"  // Thanks
	PageNotice  = "notice"  // Notice
	PageResults = "results" // Results
	PagePublic  = "public"  // PublicAnswers
	PageHome    = "home"    // Home
	PagePrivacy = "privacy" // Privacy

	PageFeedback = "feedback" // FeedbackForm
	PageReceipt  = "receipt"  // FeedbackReceipt
	PageLookup   = "lookup"   // Lookup
	PageCase     = "case"     // SenderCase
	PageCopy     = "copy"     // CaseCopy

	PageKiosk     = "kiosk" // Kiosk
	PageReference = "api"   // Reference

	PageConsole = "console/page"    // Page: most of what staff see
	PageSignIn  = "console/sign-in" // SignIn
	PageLink    = "console/link"    // LinkPage
	PagePaper   = "console/paper"   // PaperPage
	PageSlip    = "console/slip"    // Slip

	PageCaseFile = "console/case" // CasePage

	PageQuestionnaire = "console/questionnaire" // QuestionnairePage
	PageStatistics    = "console/statistics"    // StatisticsPage
)

var pageNames = []string{
	PageSurvey, PageThanks, PageNotice, PageResults, PagePublic, PageHome, PagePrivacy, PageFeedback, PageReceipt, PageLookup, PageCase, PageCopy, PageKiosk, PageReference,
	PageConsole, PageSignIn, PageLink, PagePaper, PageSlip, PageCaseFile, PageQuestionnaire, PageStatistics,
}
