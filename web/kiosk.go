package web

// Kiosk is the survey on a tablet at the one-stop desk, page "kiosk". The page holds every language, since a tablet
// without a network cannot fetch another; the language it is rendered in is the one it goes back to for each citizen.
type Kiosk struct {
	Base
	Code          string
	Action        string // where to send: "/k/AB12"
	Manifest      string // what makes the page installable: "/kiosk/AB12/manifest.webmanifest"
	LinkTitle     string // the link's title, for staff; may be empty
	Questionnaire string // the version asked; it goes along with each answer
	Edition       string // names this state of the page; the server tells the present one as the ETag
	MaxComment    int    // longest comment in characters
	Languages     map[string]KioskLanguage
}

// KioskLanguage is the part of a Kiosk that is data, in one language.
type KioskLanguage struct {
	Questions
	OfficeName string
}

// Faces lists the levels whose faces the page's script draws.
func (Kiosk) Faces() []string { return []string{"1", "2", "3", "4", "5"} }

// KioskWorker is the service worker that keeps the kiosk's page on the tablet.
func (p *Pages) KioskWorker() string { return p.static["kiosk-worker.js"] }

// KioskIconSizes lists the sizes in pixels that KioskIcon has.
func KioskIconSizes() []string { return []string{"192", "512"} }

// KioskIcon returns the picture (PNG) of the installed kiosk in the given size, nil when there is none.
func KioskIcon(size string) []byte {
	b, err := files.ReadFile("icon/" + size + ".png")
	if err != nil {
		return nil
	}
	return b
}
