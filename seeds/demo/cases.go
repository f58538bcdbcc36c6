package demo

import (
	"fmt"
	"time"

	"sipas/feedback"
	"sipas/internal/catalogue"
)

// Case is a case as it came in and what was done about it, to be played through
// the rules of package feedback in this order.
type Case struct {
	Intake feedback.Intake
	At     time.Time
	Desk   bool // written down at the one-stop desk
	Acts   []Act
}

// Act is one thing that was done about a case.
type Act struct {
	At     time.Time
	By     feedback.Role // "": the sender
	Step   feedback.Step
	Input  feedback.StepInput
	Rating feedback.RatingInput // of Rate
}

// Parts of names that say that nobody has them.
var (
	familyNames = []string{"Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Võ", "Đặng", "Bùi"}
	givenNames  = []string{"Văn Mẫu", "Thị Ví Dụ", "Văn Thử", "Thị Minh Họa", "Văn Giả Định", "Thị Tưởng Tượng", "Văn Mô Phỏng"}
)

// contact makes up somebody. Nobody can have the number: behind 00, which leads
// abroad, no country's number begins with 0 (ITU-T E.164).
func contact(n int, lang string) feedback.Contact {
	name := familyNames[n%len(familyNames)] + " " + givenNames[n%len(givenNames)]
	if lang == "en" {
		name = fmt.Sprintf("Jane Example-%d", n)
	}
	return feedback.Contact{Name: name, Phone: fmt.Sprintf("0000 000 %03d", n)}
}

// tale is a case while it is told: its days are working days after the one on
// which it came, none of them later than the last one before today.
type tale struct {
	m    *maker
	c    Case
	n    int // of the case
	ago  int
	last int // day of the last act
	acts int // on that day
}

// tell begins a case that came some working days ago.
func (m *maker) tell(ago int, s story) *tale {
	n := len(m.out.Cases)
	t := &tale{m: m, n: n, ago: ago}
	in := feedback.Intake{
		Key: fmt.Sprintf("mau-vu-viec-%03d", n), Kind: s.kind, Area: s.area, Subject: s.subject, Content: s.content, Lang: s.lang, Consent: true,
		Publish: n%3 > 0, Anonymous: n%7 == 3 && !s.kind.Named(),
	}
	if !in.Anonymous {
		in.Contact = contact(n, s.lang)
	}
	t.c = Case{Intake: in, Desk: n%5 == 1 && s.kind != feedback.Denunciation}
	minute := 7*60 + 40 + n*53%420 // within office hours
	if minute > 11*60+30 {
		minute += 2 * 60
	}
	t.c.At = t.time(0, minute)
	m.out.Cases = append(m.out.Cases, t.c)
	return t
}

// time is a minute of a working day.
func (t *tale) time(day, minute int) time.Time {
	return t.m.workday(t.ago - day).Start().Add(time.Duration(minute) * time.Minute).UTC()
}

// act adds an act on a day after the one on which the case came, after all that
// was done before.
func (t *tale) act(day int, by feedback.Role, step feedback.Step, in feedback.StepInput) *tale {
	return t.add(day, Act{By: by, Step: step, Input: in})
}

func (t *tale) add(day int, a Act) *tale {
	if day != t.last {
		t.last, t.acts = day, 0
	}
	a.At = t.time(day, 8*60+5+(t.n*7+day*61)%150+t.acts*71)
	t.acts++
	t.c.Acts = append(t.c.Acts, a)
	t.m.out.Cases[t.n] = t.c
	return t
}

// handles is the unit that answers a story.
func (s *story) handles() string {
	switch {
	case s.unit != "":
		return s.unit
	case s.area == land || s.area == security:
		return registry
	}
	return frontDesk
}

// answerer is who of the sample accounts answers for a unit: units without one
// answer through the desk.
func answerer(unit string) feedback.Role {
	switch unit {
	case registry:
		return feedback.RoleUnit
	case inspectorate:
		return feedback.RoleInspection
	}
	return feedback.RoleDesk
}

// given to a unit on a day, classified on the same.
func (t *tale) given(day int, s story) *tale {
	t.act(day, feedback.RoleDesk, feedback.Classify, feedback.StepInput{Kind: s.kind})
	in := feedback.StepInput{Unit: s.handles()}
	if t.n%4 == 0 {
		in.Note = "Đề nghị trả lời trước hạn hai ngày."
	}
	return t.act(day, feedback.RoleDesk, feedback.Assign, in)
}

func (t *tale) answered(day int, s story) *tale {
	return t.act(day, answerer(s.handles()), feedback.Answer, feedback.StepInput{Message: s.answer})
}

func (t *tale) rated(day int, s story, reopen bool) *tale {
	if s.level == 0 {
		return t
	}
	solved := feedback.SolvedPartly
	switch {
	case s.level > 3:
		solved = feedback.SolvedYes
	case s.level < 3:
		solved = feedback.SolvedNo
	}
	return t.add(day, Act{Step: feedback.Rate, Rating: feedback.RatingInput{Solved: solved, Level: s.level, Comment: s.comment, Reopen: reopen}})
}

func (t *tale) closed(day int) *tale {
	return t.act(day, feedback.RoleOffice, feedback.Close, feedback.StepInput{})
}

// published with a question in the office's words, by one officer and then
// another.
func (t *tale) published(day int, question string, s story) *tale {
	in := feedback.StepInput{Question: question, Message: s.answer}
	return t.act(day, feedback.RoleOffice, feedback.Publish, in).act(day+1, feedback.RoleInspection, feedback.Publish, in)
}

// publicQuestions are asked of everybody's answers, by the subject of the story.
var publicQuestions = map[string]string{
	"Cấp đổi sổ cũ cần giấy tờ gì":              "Đổi Giấy chứng nhận cũ, bị ố rách, cần chuẩn bị giấy tờ gì?",
	"Nộp hồ sơ qua bưu điện được không":         "Ở xa có thể nộp hồ sơ và nhận kết quả qua bưu điện không?",
	"Nhà vệ sinh tầng một bẩn":                  "Nhà vệ sinh dành cho người dân ở tầng một có được sửa không?",
	"Nộp tiền sử dụng đất qua mạng":             "Nộp tiền sử dụng đất qua mạng thế nào?",
	"Hướng dẫn trên mạng khác ở quầy":           "Hướng dẫn trên mạng và ở quầy khác nhau thì theo bên nào?",
	"Giếng khoan của gia đình có phải xin phép": "Giếng khoan của hộ gia đình có phải xin phép không?",
}

const (
	halfYear  = 120 // working days
	justEnded = 18  // that long ago the last of the ended ones came
)

// cases are half a year of them: most are over, and one or more stand at each
// step.
func (m *maker) cases() {
	for i, s := range ended {
		t := m.tell(halfYear-i*(halfYear-justEnded)/len(ended), s)
		day := 3 + i*5%9
		t.given(1, s).answered(day, s).rated(day+1, s, false).closed(day + 3)
		if question := publicQuestions[s.subject]; question != "" {
			t.published(day+4, question, s)
		}
	}
	m.openCases()
	m.rareCases()
	m.complaints()
}

func (m *maker) openCases() {
	m.tell(1, newest)
	m.tell(2, asked)
	m.tell(3, sorted).act(1, feedback.RoleDesk, feedback.Classify, feedback.StepInput{Kind: sorted.kind})
	m.tell(4, praised).act(2, feedback.RoleOffice, feedback.Classify, feedback.StepInput{Kind: praised.kind})
	for i, s := range given {
		m.tell([]int{4, 7, 10, 14}[i], s).given(1, s)
	}
	for i, s := range waiting {
		ask := feedback.StepInput{Message: s.answer}
		m.tell(6+4*i, s).given(1, s).act(3, answerer(s.handles()), feedback.Ask, ask)
	}
	for i, s := range fresh {
		m.tell(8+3*i, s).given(1, s).answered(5, s).rated(6, s, false)
	}
	m.tell(19, overdue).given(1, overdue)
}

// rareCases are late, looked at again, another office's, or taken back.
func (m *maker) rareCases() {
	t := m.tell(75, late)
	longer := feedback.StepInput{Until: t.day(25), Message: "Việc xác minh nguồn gốc đất cần ý kiến của xã và người ở cùng thời, nên xin gia hạn thời gian trả lời."}
	sorry := feedback.StepInput{Until: t.day(32), Apology: true, Message: "Chúng tôi xin lỗi ông/bà vì chưa trả lời đúng hạn: xã chưa gửi biên bản xác minh. Chúng tôi hẹn trả lời ông/bà vào ngày mới ghi ở đây."}
	t.given(1, late).act(12, feedback.RoleOffice, feedback.Extend, longer).act(26, feedback.RoleOffice, feedback.Extend, sorry)
	t.answered(30, late).rated(31, late, false).closed(33)

	t = m.tell(60, again).given(1, again).answered(7, again).rated(10, again, true)
	t.act(15, answerer(again.handles()), feedback.Answer, feedback.StepInput{Message: "Loa rè do bo mạch hỏng, đã thay loa mới cả hai đầu sảnh và thử trước mặt người chờ. Cảm ơn ông/bà đã nhắc lại."})
	t.add(17, Act{Step: feedback.Rate, Rating: feedback.RatingInput{Solved: feedback.SolvedYes, Level: 5, Comment: "Lần này nghe rõ."}}).closed(18)

	m.tell(24, againOpen).given(1, againOpen).answered(6, againOpen).rated(14, againOpen, true)

	move := feedback.StepInput{To: "Ủy ban nhân dân xã Mẫu", Message: elsewhere.answer}
	m.tell(40, elsewhere).act(1, feedback.RoleDesk, feedback.Classify, feedback.StepInput{Kind: elsewhere.kind}).act(2, feedback.RoleDesk, feedback.Transfer, move)
	m.tell(33, takenBack).given(1, takenBack).act(2, feedback.RoleDesk, feedback.Withdraw, feedback.StepInput{Note: "Người gửi gọi điện báo đã nhận được trích lục."})
}

// complaints and the one denunciation are the inspection's.
func (m *maker) complaints() {
	const by = feedback.RoleInspection
	heard := func(ago int, s story) *tale {
		return m.tell(ago, s).act(2, by, feedback.Classify, feedback.StepInput{Kind: s.kind})
	}
	for i, s := range complaints {
		t := heard(90-40*i, s).act(4, by, feedback.Accept, feedback.StepInput{Message: "Đơn khiếu nại của ông/bà được thụ lý để giải quyết."})
		t.act(4, by, feedback.Assign, feedback.StepInput{Unit: inspectorate}).answered(15, s).rated(17, s, false).closed(19)
	}
	heard(7, accepted).act(4, by, feedback.Accept, feedback.StepInput{Message: "Đơn khiếu nại của ông/bà được thụ lý để giải quyết."})
	heard(30, unheard).act(4, by, feedback.Refuse, feedback.StepInput{Message: unheard.answer})
	m.tell(9, secret).act(1, by, feedback.Classify, feedback.StepInput{Kind: secret.kind}).
		act(4, by, feedback.Assign, feedback.StepInput{Unit: inspectorate, Note: "Giao tổ xác minh; không trao đổi ngoài tổ."})
}

// day is a working day after the one on which the case came.
func (t *tale) day(n int) catalogue.Date { return t.m.workday(t.ago - n) }
