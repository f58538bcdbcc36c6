// Package survey is everything about asking citizens how they were served:
// the questionnaire, the link behind a QR code, a response and how it is taken
// in, and the figures computed from all of them. Its rules are pure functions;
// storage stands in store.go alone.
package survey
