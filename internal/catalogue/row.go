package catalogue

// Row is a dated row of any kind: an Area, Unit, Desk, Procedure or Target.
type Row interface {
	id() string
	validity() Validity
	kind() Kind
	order() int
	check(place)
	differ(from Row) differences
}

// IDOf returns the id that the row has whatever its kind is, ValidityOf its
// days and source.
func IDOf(r Row) string         { return r.id() }
func ValidityOf(r Row) Validity { return r.validity() }

// rowList returns rows of one kind as rows of whatever kind.
func rowList[R row[R]](rows []R) []Row {
	list := make([]Row, len(rows))
	for i, r := range rows {
		list[i] = r
	}
	return list
}

// Kind says what a row is about.
type Kind string

// The kinds of rows.
const (
	KindArea      Kind = "area"
	KindUnit      Kind = "unit"
	KindDesk      Kind = "desk"
	KindProcedure Kind = "procedure"
	KindTarget    Kind = "target"
)

// Kinds lists the kinds; what a row refers to comes before it.
var Kinds = []Kind{KindArea, KindUnit, KindDesk, KindProcedure, KindTarget}

// list is what collections and the fields of a fault call the kind.
func (k Kind) list() string { return string(k) + "s" }

func (Area) kind() Kind      { return KindArea }
func (Unit) kind() Kind      { return KindUnit }
func (Desk) kind() Kind      { return KindDesk }
func (Procedure) kind() Kind { return KindProcedure }
func (Target) kind() Kind    { return KindTarget }

// Validity says from when to when a row holds, inclusive, and how we know. To
// is "" while nobody has ended it. Whatever the office has not confirmed yet is
// shown as "chưa xác nhận".
type Validity struct {
	From      Date   `bson:"from" json:"from"`
	To        Date   `bson:"to" json:"to"`
	Source    string `bson:"source" json:"source"`
	Confirmed bool   `bson:"confirmed" json:"confirmed"`
}

// On says whether the row holds on the day.
func (v Validity) On(day Date) bool { return v.From <= day && (v.To == "" || day <= v.To) }

// Area is an area of procedures (lĩnh vực).
type Area struct {
	ID       string `bson:"id" json:"id"`
	Name     Text   `bson:"name" json:"name"`
	Validity `bson:",inline"`
	Order    int `bson:"order" json:"-"`
}

// Unit is a part of the department that resolves (đơn vị thuộc Sở). Phone and
// Mailbox are where people complain, printed on posters; "" where none is public.
type Unit struct {
	ID       string `bson:"id" json:"id"`
	Name     Text   `bson:"name" json:"name"`
	Phone    string `bson:"phone,omitempty" json:"phone,omitempty"`
	Mailbox  string `bson:"mailbox,omitempty" json:"mailbox,omitempty"`
	Validity `bson:",inline"`
	Order    int `bson:"order" json:"-"`
}

// Desk is a place that receives dossiers and hands results over (Bộ phận Một
// cửa, quầy). Unit is the one that runs it.
type Desk struct {
	ID       string `bson:"id" json:"id"`
	Name     Text   `bson:"name" json:"name"`
	Unit     string `bson:"unit" json:"unit"`
	Validity `bson:",inline"`
	Order    int `bson:"order" json:"-"`
}

// Procedure is an administrative procedure (thủ tục hành chính). ID is the
// national code ("1.012783") or, where there is none yet, a slug; an Example
// stands in until the office has loaded its own list, and says so on pages.
// Unit is the one that usually resolves it, "" where that is not known.
type Procedure struct {
	ID       string `bson:"id" json:"id"`
	Name     Text   `bson:"name" json:"name"`
	Area     string `bson:"area" json:"area"`
	Unit     string `bson:"unit" json:"unit"`
	Example  bool   `bson:"example" json:"example"`
	Validity `bson:",inline"`
	Order    int `bson:"order" json:"-"`
}

// What a target can be set for.
const (
	MeasureSatisfaction = "satisfaction" // satisfied answers (mức độ hài lòng)
	MeasureOnTime       = "on-time"      // dossiers resolved on time or early (đúng hạn, trước hạn)
	MeasureApology      = "apology"      // late dossiers with a written apology (thư xin lỗi)
	MeasureFeedback     = "feedback"     // petitions answered in time (phản ánh, kiến nghị)
)

// Target is a number to reach (chỉ tiêu), at least Value. Area is "" for every
// area that has no target of its own.
type Target struct {
	ID       string  `bson:"id" json:"id"`
	Measure  string  `bson:"measure" json:"measure"`
	Area     string  `bson:"area" json:"area"`
	Value    Percent `bson:"value" json:"value"`
	Validity `bson:",inline"`
	Order    int `bson:"order" json:"-"`
}

// Rows are dated rows of every kind, as a file or the store lists them. Several
// rows may share an id: each From begins a new wording of the same thing.
type Rows struct {
	Areas      []Area
	Units      []Unit
	Desks      []Desk
	Procedures []Procedure
	Targets    []Target
}
