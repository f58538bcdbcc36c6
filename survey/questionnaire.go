package survey

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"slices"
	"strconv"

	"sipas/internal/catalogue"
	"sipas/internal/fault"
)

// Questionnaire is one version of a form of questions (phiếu khảo sát). Once
// somebody has answered it, it is never edited: a change is a new Version.
type Questionnaire struct {
	ID        string         `bson:"id" json:"id"`     // slug, "dich-vu"
	Version   int            `bson:"v" json:"version"` // from 1
	Name      catalogue.Text `bson:"name" json:"name"`
	Block     string         `bson:"block" json:"block"` // BlockService or BlockPolicy
	From      catalogue.Date `bson:"from" json:"from"`
	To        catalogue.Date `bson:"to" json:"to"` // inclusive; "": still in use
	Source    string         `bson:"source" json:"source"`
	Confirmed bool           `bson:"confirmed" json:"confirmed"`
	Factors   []Factor       `bson:"factors" json:"factors"` // in the order of the form, as all that follows
	Extra     []Question     `bson:"extra" json:"extra"`
}

// The blocks of criteria. Only the service block enters the satisfaction rate;
// the policy block is a household survey's and is off at the counter.
const (
	BlockService = "service"
	BlockPolicy  = "policy"
)

// Factor is a group of criteria (yếu tố).
type Factor struct {
	ID       string         `bson:"id" json:"id"` // "I" to "V"; in the policy block "P-I" to "P-IV"
	Name     catalogue.Text `bson:"name" json:"name"`
	Judges   string         `bson:"judges" json:"judges"` // JudgesDesk, JudgesUnit, or "": the department as a whole
	Criteria []Criterion    `bson:"criteria" json:"criteria"`
}

// Whom a factor judges: those who received the dossier or those who resolved it.
const (
	JudgesDesk = "desk"
	JudgesUnit = "unit"
)

// Criterion is one thing to be satisfied with or not (tiêu chí), on five levels.
type Criterion struct {
	ID            string         `bson:"id" json:"id"`             // the official number, "15" to "33"
	Text          catalogue.Text `bson:"text" json:"text"`         // what the citizen reads
	Official      catalogue.Text `bson:"official" json:"official"` // the official subject in our words, for reports; may be empty
	NotApplicable catalogue.Text `bson:"na" json:"notApplicable"`  // the wording of answer 0; empty: not offered
}

// Question is one with a choice of answers outside the rate.
type Question struct {
	ID      string         `bson:"id" json:"id"`
	Text    catalogue.Text `bson:"text" json:"text"`
	Options []Option       `bson:"options" json:"options"`
}

// Option is one answer to a Question. Its id may be a number or a range, "60+".
type Option struct {
	ID   string         `bson:"id" json:"id"`
	Text catalogue.Text `bson:"text" json:"text"`
}

// Ref names the version as answers keep it: "dich-vu@1".
func (q *Questionnaire) Ref() string { return q.ID + "@" + strconv.Itoa(q.Version) }

// clone returns a copy that shares nothing with q.
func (q *Questionnaire) clone() Questionnaire {
	c := *q
	c.Factors, c.Extra = slices.Clone(q.Factors), slices.Clone(q.Extra)
	for i := range c.Factors {
		c.Factors[i].Criteria = slices.Clone(c.Factors[i].Criteria)
	}
	for i := range c.Extra {
		c.Extra[i].Options = slices.Clone(c.Extra[i].Options)
	}
	return c
}

// Criterion returns the criterion of that number, nil when the form has none.
// It points into q.
func (q *Questionnaire) Criterion(id string) *Criterion {
	for f := range q.Factors {
		for c := range q.Factors[f].Criteria {
			if q.Factors[f].Criteria[c].ID == id {
				return &q.Factors[f].Criteria[c]
			}
		}
	}
	return nil
}

// CriterionIDs returns the numbers of all criteria in the order of the form.
func (q *Questionnaire) CriterionIDs() []string {
	ids := make([]string, 0, q.CriteriaCount())
	for _, f := range q.Factors {
		for _, c := range f.Criteria {
			ids = append(ids, c.ID)
		}
	}
	return ids
}

// CriteriaCount returns how many criteria the form asks for.
func (q *Questionnaire) CriteriaCount() int {
	n := 0
	for _, f := range q.Factors {
		n += len(f.Criteria)
	}
	return n
}

// Has says whether option is one of the answers.
func (x Question) Has(option string) bool {
	return slices.ContainsFunc(x.Options, func(o Option) bool { return o.ID == option })
}

// OptionIDs returns the ids of the answers in their order.
func (x Question) OptionIDs() []string {
	ids := make([]string, len(x.Options))
	for i, o := range x.Options {
		ids[i] = o.ID
	}
	return ids
}

// Digest returns a SHA-256 over all that is asked: the texts, ids and order,
// but not the days, the source or the confirmation, which may change while
// people answer. Two questionnaires of one Ref with different digests are a
// mistake that must be refused. The form of what is hashed is fixed for good.
func (q *Questionnaire) Digest() string {
	h := sha256.New()
	put := func(parts ...string) {
		for _, s := range parts { // lengths, so that no two lists look alike
			h.Write([]byte(strconv.Itoa(len(s)) + ":" + s + "\n"))
		}
	}
	text := func(t catalogue.Text) { put(t.VI, t.EN) }
	count := func(n int) { put(strconv.Itoa(n)) }

	put("sipas questionnaire 1", q.ID, strconv.Itoa(q.Version), q.Block)
	text(q.Name)
	count(len(q.Factors))
	for _, f := range q.Factors {
		put(f.ID, f.Judges)
		text(f.Name)
		count(len(f.Criteria))
		for _, c := range f.Criteria {
			put(c.ID)
			text(c.Text)
			text(c.Official)
			text(c.NotApplicable)
		}
	}
	count(len(q.Extra))
	for _, x := range q.Extra {
		put(x.ID)
		text(x.Text)
		count(len(x.Options))
		for _, o := range x.Options {
			put(o.ID)
			text(o.Text)
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Limits of a form, beyond which it is a mistake: nobody answers it, and a
// day's columns count on small numbers.
const (
	maxCriteria  = 60
	maxQuestions = 20
	maxOptions   = 20
	maxFormText  = 500 // characters of one text
	maxID        = 64
)

var (
	criterionID = regexp.MustCompile(`^[1-9][0-9]?$`)
	factorID    = regexp.MustCompile(`^(P-)?(I|II|III|IV|V|VI|VII|VIII|IX|X)$`)
	optionID    = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*\+?$`)
)

// Validate returns a fault of kind Invalid whose fields name each place that is
// wrong ("factors.2.criteria.0.text.en") with the codes of package catalogue
// and "roman", "number", "block", "judges", "few", "many"; nil when there is
// none.
func (q *Questionnaire) Validate() error { return q.problems().Err() }

func (q *Questionnaire) problems() fault.Fields {
	v := &formCheck{}
	v.id("id", q.ID, catalogue.IsSlug(q.ID), catalogue.CodeID, seen{})
	if q.Version < 1 || q.Version > 9999 {
		v.bad.Add("version", catalogue.CodeRange, 1, 9999)
	}
	v.text("name", q.Name)
	if q.Block != BlockService && q.Block != BlockPolicy {
		v.bad.Add("block", "block", BlockService, BlockPolicy)
	}
	v.days(q.From, q.To)
	if q.Source == "" {
		v.bad.Add("source", catalogue.CodeRequired)
	} else if !catalogue.CleanText(q.Source, maxFormText) {
		v.bad.Add("source", catalogue.CodeText)
	}
	v.factors(q)
	v.count("extra", len(q.Extra), 0, maxQuestions)
	questions := seen{}
	for i, x := range q.Extra {
		v.question("extra."+strconv.Itoa(i), x, questions)
	}
	return v.bad
}

// formCheck collects what is wrong with a questionnaire.
type formCheck struct{ bad fault.Fields }

func (v *formCheck) days(from, to catalogue.Date) {
	switch {
	case from == "":
		v.bad.Add("from", catalogue.CodeRequired)
	case !from.Valid():
		v.bad.Add("from", catalogue.CodeDate, string(from))
	}
	switch {
	case to == "":
	case !to.Valid():
		v.bad.Add("to", catalogue.CodeDate, string(to))
	case to < from:
		v.bad.Add("to", catalogue.CodeEnd)
	}
}

func (v *formCheck) factors(q *Questionnaire) {
	v.count("factors", len(q.Factors), 1, maxCriteria)
	factors, criteria := seen{}, seen{}
	for i, f := range q.Factors {
		at := "factors." + strconv.Itoa(i)
		m := factorID.FindStringSubmatch(f.ID)
		// The prefix keeps a policy factor out of every figure of a service one.
		v.id(at+".id", f.ID, m != nil && (m[1] != "") == (q.Block == BlockPolicy), "roman", factors)
		v.text(at+".name", f.Name)
		if f.Judges != "" && f.Judges != JudgesDesk && f.Judges != JudgesUnit {
			v.bad.Add(at+".judges", "judges", JudgesDesk, JudgesUnit)
		}
		v.count(at+".criteria", len(f.Criteria), 1, maxCriteria)
		for j, c := range f.Criteria {
			in := at + ".criteria." + strconv.Itoa(j)
			v.id(in+".id", c.ID, criterionID.MatchString(c.ID), "number", criteria)
			v.text(in+".text", c.Text)
			v.optional(in+".official", c.Official)
			v.optional(in+".na", c.NotApplicable)
		}
	}
	if q.CriteriaCount() > maxCriteria {
		v.bad.Add("factors", "many", maxCriteria)
	}
}

func (v *formCheck) question(at string, x Question, questions seen) {
	v.id(at+".id", x.ID, catalogue.IsSlug(x.ID), catalogue.CodeID, questions)
	v.text(at+".text", x.Text)
	v.count(at+".options", len(x.Options), 2, maxOptions)
	options := seen{}
	for i, o := range x.Options {
		in := at + ".options." + strconv.Itoa(i)
		v.id(in+".id", o.ID, optionID.MatchString(o.ID), catalogue.CodeID, options)
		v.text(in+".text", o.Text)
	}
}

// seen maps ids to where they were first.
type seen map[string]string

// id reports an id that is missing, not sound (with the code), or not the first
// of its kind.
func (v *formCheck) id(at, id string, sound bool, code string, before seen) {
	first, twice := before[id]
	switch {
	case id == "":
		v.bad.Add(at, catalogue.CodeRequired)
	case !catalogue.CleanText(id, maxID):
		v.bad.Add(at, catalogue.CodeText)
	case !sound:
		v.bad.Add(at, code, id)
	case twice:
		v.bad.Add(at, catalogue.CodeDuplicate, first)
	default:
		before[id] = at
	}
}

func (v *formCheck) count(at string, n, least, most int) {
	if n < least {
		v.bad.Add(at, "few", least)
	} else if n > most {
		v.bad.Add(at, "many", most)
	}
}

func (v *formCheck) optional(at string, t catalogue.Text) {
	if t != (catalogue.Text{}) {
		v.text(at, t)
	}
}

func (v *formCheck) text(at string, t catalogue.Text) {
	for _, wording := range []struct{ lang, s string }{{"vi", t.VI}, {"en", t.EN}} {
		if wording.s == "" {
			v.bad.Add(at+"."+wording.lang, catalogue.CodeRequired)
		} else if !catalogue.CleanText(wording.s, maxFormText) {
			v.bad.Add(at+"."+wording.lang, catalogue.CodeText)
		}
	}
}

// ProfileQuestions are what may be asked about the respondent, all of it
// optional. They are in code since the interface fixes their ids; nothing else
// about a person is ever asked in a survey. Read only.
var ProfileQuestions = []Question{
	{"sex", bilingual("Giới tính", "Sex"), []Option{
		{"female", bilingual("Nữ", "Female")},
		{"male", bilingual("Nam", "Male")},
		{"other", bilingual("Khác", "Other")},
	}},
	{"age", bilingual("Tuổi", "Age"), []Option{
		{"18-24", bilingual("18 đến 24 tuổi", "18 to 24")},
		{"25-34", bilingual("25 đến 34 tuổi", "25 to 34")},
		{"35-49", bilingual("35 đến 49 tuổi", "35 to 49")},
		{"50-60", bilingual("50 đến 60 tuổi", "50 to 60")},
		{"60+", bilingual("Trên 60 tuổi", "Over 60")},
	}},
	{"education", bilingual("Trình độ học vấn", "Education"), []Option{
		{"primary", bilingual("Tiểu học (cấp 1)", "Primary school")},
		{"lower-secondary", bilingual("Trung học cơ sở (cấp 2)", "Lower secondary school")},
		{"upper-secondary", bilingual("Trung học phổ thông (cấp 3)", "Upper secondary school")},
		{"vocational", bilingual("Trung cấp, cao đẳng, học nghề", "Vocational school or college")},
		{"university", bilingual("Đại học, sau đại học", "University or higher")},
		{"other", bilingual("Khác", "Other")},
	}},
	{"occupation", bilingual("Nghề nghiệp", "Occupation"), []Option{
		{"farmer", bilingual("Làm nông, lâm, ngư nghiệp", "Farming, forestry or fishing")},
		{"worker", bilingual("Công nhân, lao động tự do", "Worker or self-employed labourer")},
		{"civil-servant", bilingual("Cán bộ, công chức, viên chức, lực lượng vũ trang", "Civil servant, public employee or armed forces")},
		{"business", bilingual("Kinh doanh, doanh nghiệp", "Trade or business")},
		{"student", bilingual("Học sinh, sinh viên", "Student")},
		{"retired", bilingual("Đã nghỉ hưu", "Retired")},
		{"other", bilingual("Khác", "Other")},
	}},
	{"residence", bilingual("Nơi ở", "Place of residence"), []Option{
		{"urban", bilingual("Thành thị (phường)", "Town or city")},
		{"rural", bilingual("Nông thôn (xã, đặc khu)", "Countryside")},
	}},
}

func bilingual(vi, en string) catalogue.Text { return catalogue.Text{VI: vi, EN: en} }
