package catalogue

// Text is a wording in both languages of the program. Vietnamese is the source
// and the one that counts; texts of the catalogue are data, not keys of the
// pages' own messages.
type Text struct {
	VI string `bson:"vi" json:"vi"`
	EN string `bson:"en" json:"en"`
}

// In returns the wording in lang ("vi" or "en"), and the Vietnamese one where
// lang is unknown or was left empty.
func (t Text) In(lang string) string {
	if lang == "en" && t.EN != "" {
		return t.EN
	}
	return t.VI
}
