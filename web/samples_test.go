package web_test

import (
	"strings"
	"time"

	"sipas/web"
)

func base(path string) web.Base {
	return web.Base{Path: path, OfficeName: "Sở Nông nghiệp và Môi trường tỉnh Quảng Trị"}
}

// words picks a text of the questionnaire in the page's language, as the server does.
func words(lang, vi, en string) string {
	if lang == "en" {
		return en
	}
	return vi
}

func choices(lang string, rows ...[3]string) []web.Choice {
	var c []web.Choice
	for _, r := range rows {
		c = append(c, web.Choice{Value: r[0], Text: words(lang, r[1], r[2])})
	}
	return c
}

func survey(lang string) web.SurveyForm {
	f := web.SurveyForm{
		Base: base("/k/K7QM2X"), Code: "K7QM2X", Action: "/k/K7QM2X", MaxComment: 4000,
	}
	f.AreaName, f.DeskName = words(lang, "Đất đai", "Land"), words(lang, "Quầy 3, Bộ phận Một cửa", "Desk 3, one-stop desk")
	f.Scale = choices(lang,
		[3]string{"1", "Rất không hài lòng", "Very dissatisfied"}, [3]string{"2", "Không hài lòng", "Dissatisfied"},
		[3]string{"3", "Bình thường", "Neutral"}, [3]string{"4", "Hài lòng", "Satisfied"}, [3]string{"5", "Rất hài lòng", "Very satisfied"})
	for _, x := range [][]string{
		{"I", "Tiếp cận dịch vụ", "Access to the service",
			"15", "Thông tin về thủ tục có nhiều cách để xem, dễ tìm, dễ hiểu", "Information on procedures is available in many ways, easy to find and understand",
			"16", "Biển chỉ dẫn, bảng hướng dẫn rõ ràng, dễ thấy", "Signs and guidance are clear and visible",
			"17", "Nơi làm việc sạch sẽ, văn minh", "The office is clean and well kept",
			"18", "Đủ ghế, bàn viết, thiết bị; dùng tốt", "Seats, desks and equipment are enough and work well"},
		{"II", "Thủ tục hành chính", "The procedure",
			"19", "Quy định về thủ tục niêm yết công khai, dễ thấy, dễ hiểu", "Rules are posted publicly, easy to see and understand",
			"20", "Giấy tờ phải nộp đúng như quy định", "Papers required are as regulated",
			"21", "Phí, lệ phí đúng như quy định", "Fees are as regulated",
			"22", "Thời hạn giải quyết đúng như quy định", "The time limit is as regulated"},
		{"III", "Công chức tiếp nhận, giải quyết", "The officers",
			"23", "Lịch sự, tôn trọng người dân", "Polite and respectful",
			"24", "Trả lời, giải thích kịp thời, đầy đủ", "Answer in time and fully",
			"25", "Hướng dẫn dễ hiểu, chỉ một lần là đủ hồ sơ", "Clear guidance: one instruction is enough",
			"26", "Làm đúng quy định", "Follow the rules",
			"27", "Tận tình, chu đáo", "Dedicated"},
		{"IV", "Kết quả", "The result",
			"28", "Trả kết quả đúng hẹn", "Returned on the appointed date",
			"29", "Kết quả đầy đủ, chính xác", "Complete and accurate",
			"30", "Kết quả công bằng", "Fair"},
		{"V", "Phản ánh, kiến nghị", "Petitions",
			"31", "Có nơi để phản ánh, dễ sử dụng", "There are channels, easy to use",
			"32", "Phản ánh được tiếp nhận, xử lý đúng quy định", "Petitions are received and handled by the rules",
			"33", "Được báo kết quả xử lý kịp thời", "The result is told in time"},
	} {
		factor := web.Factor{ID: x[0], Name: words(lang, x[1], x[2])}
		for c := x[3:]; len(c) > 0; c = c[3:] {
			crit := web.Criterion{ID: c[0], Text: words(lang, c[1], c[2])}
			if x[0] == "V" {
				crit.NotApplicable = words(lang, "Tôi chưa từng phản ánh", "I have never petitioned")
			}
			factor.Criteria = append(factor.Criteria, crit)
		}
		f.Factors = append(f.Factors, factor)
	}
	yesno := [][3]string{{"no", "Không có", "No"}, {"some", "Có, một số", "Some"}, {"much", "Có, nhiều", "A lot"}}
	f.Extra = []web.Question{
		{ID: "visits", Text: words(lang, "Ông/bà đã đến mấy lần cho thủ tục này?", "How many times did you come for this procedure?"),
			Options: choices(lang, [3]string{"1", "1 lần", "Once"}, [3]string{"2", "2 lần", "Twice"}, [3]string{"3", "3 lần", "3 times"}, [3]string{"4+", "4 lần trở lên", "4 times or more"})},
		{ID: "ontime", Text: words(lang, "Có được trả kết quả đúng hẹn không?", "Was the appointment kept?"),
			Options: choices(lang, [3]string{"yes", "Đúng hoặc sớm hơn", "On time or early"}, [3]string{"late-apology", "Trễ, có xin lỗi", "Late, with an apology"}, [3]string{"late", "Trễ, không xin lỗi", "Late, no apology"}, [3]string{"waiting", "Chưa đến hẹn", "Not due yet"})},
		{ID: "wait", Text: words(lang, "Chờ ở quầy bao lâu?", "How long did you wait at the desk?"),
			Options: choices(lang, [3]string{"15", "Dưới 15 phút", "Under 15 minutes"}, [3]string{"30", "15–30 phút", "15–30 minutes"}, [3]string{"60", "Hơn 30 phút", "Over 30 minutes"})},
		{ID: "harass", Text: words(lang, "Có bị gây phiền hà, sách nhiễu không?", "Were you harassed?"), Options: choices(lang, yesno...)},
		{ID: "money", Text: words(lang, "Có phải đưa thêm tiền ngoài quy định không?", "Did you have to pay extra money?"), Options: choices(lang, yesno...)},
	}
	f.Profile = []web.Question{
		{ID: "sex", Text: words(lang, "Giới tính", "Sex"), Options: choices(lang, [3]string{"female", "Nữ", "Female"}, [3]string{"male", "Nam", "Male"}, [3]string{"other", "Khác", "Other"})},
		{ID: "age", Text: words(lang, "Tuổi", "Age"), Options: choices(lang, [3]string{"18-24", "18–24", "18–24"}, [3]string{"25-34", "25–34", "25–34"}, [3]string{"35-49", "35–49", "35–49"}, [3]string{"50-60", "50–60", "50–60"}, [3]string{"60+", "Trên 60", "Over 60"})},
		{ID: "education", Text: words(lang, "Trình độ học vấn", "Education"), Options: choices(lang, [3]string{"primary", "Tiểu học", "Primary"}, [3]string{"lower-secondary", "Trung học cơ sở", "Lower secondary"}, [3]string{"upper-secondary", "Trung học phổ thông", "Upper secondary"}, [3]string{"vocational", "Trung cấp, cao đẳng", "Vocational"}, [3]string{"university", "Đại học trở lên", "University"}, [3]string{"other", "Khác", "Other"})},
		{ID: "occupation", Text: words(lang, "Nghề nghiệp", "Occupation"), Options: choices(lang, [3]string{"farmer", "Nông dân", "Farmer"}, [3]string{"worker", "Công nhân", "Worker"}, [3]string{"civil-servant", "Cán bộ, công chức, viên chức", "Civil servant"}, [3]string{"business", "Kinh doanh", "Business"}, [3]string{"student", "Học sinh, sinh viên", "Student"}, [3]string{"retired", "Nghỉ hưu", "Retired"}, [3]string{"other", "Khác", "Other"})},
		{ID: "residence", Text: words(lang, "Nơi ở", "Residence"), Options: choices(lang, [3]string{"urban", "Thành thị", "Urban"}, [3]string{"rural", "Nông thôn", "Rural"})},
	}
	return f
}

func feedback(lang string) web.FeedbackForm {
	f := web.FeedbackForm{Base: base("/gop-y?desk=quay-3"), Key: "k123456789", Values: map[string]string{}, MaxContent: 20000, MaxFiles: 5, MaxSize: 10}
	for _, k := range [][3]string{{"petition", "Phản ánh, kiến nghị", "Petition"}, {"complaint", "Khiếu nại", "Complaint"}, {"denunciation", "Tố cáo", "Denunciation"}} {
		f.Kinds = append(f.Kinds, web.FeedbackKind{Value: k[0], Name: words(lang, k[1], k[2]), What: "…", Reads: "…", Term: "15"})
	}
	f.Areas = choices(lang, [3]string{"dat-dai", "Đất đai", "Land"})
	f.Desks = choices(lang, [3]string{"quay-3", "Quầy 3", "Desk 3"})
	return f
}

func senderCase(lang string) web.SenderCase {
	return web.SenderCase{
		Base: base("/tra-cuu"), Code: "K7MX2ART9HC", Secret: "4KXA-9TRE", Shown: "K7MX-2ART-9HC", Version: 2, Values: map[string]string{},
		Status: words(lang, "Đang giải quyết", "Being handled"), Meaning: words(lang, "Đã có đơn vị giải quyết.", "A unit is handling it."),
		Facts: []web.Fact{{Name: words(lang, "Loại", "Kind"), Text: words(lang, "Phản ánh, kiến nghị", "Petition")}},
		Due: &web.SenderDue{
			What: words(lang, "Trả lời chậm nhất", "Answered by"), Day: words(lang, "Thứ Ba, 21/07/2026", "Tuesday, 21 July 2026"), Left: words(lang, "Còn 15 ngày làm việc", "15 working days left"),
			Provisional: []string{words(lang, "Tạm tính", "Provisional")}, Days: []web.ReceiptDay{{Day: "30/06/2026", Why: "0"}, {Day: "01/07/2026", Why: "1", Counted: true}},
		},
		Steps:   []web.SenderStep{{When: "9:00", Text: words(lang, "Ông/bà nhắn", "You wrote"), Message: "<b>Lời</b>", Mine: true}, {When: "8:00", Text: words(lang, "Sở đã nhận", "Received"), Above: true}},
		Subject: "<b>Trả chậm</b>", Content: "<script>alert(1)</script>", Files: []web.SenderFile{{ID: "1f", Name: `ảnh "1".jpg`, Size: "120 KB"}},
		Reply: &web.SenderReply{Max: 4000},
	}
}

// kiosk is the tablet's page; open leaves the area to the citizen.
func kiosk(open bool) web.Kiosk {
	k := web.Kiosk{
		Base: base("/kiosk/K7QM2X"), Code: "K7QM2X", Action: "/k/K7QM2X", Manifest: "/kiosk/K7QM2X/manifest.webmanifest", MaxComment: 500,
		LinkTitle: "Quầy 3", Questionnaire: "dich-vu@1", Edition: "0123456789abcdef", Languages: map[string]web.KioskLanguage{},
	}
	k.Sample = open
	for _, lang := range web.Languages() {
		q := survey(lang).Questions
		if open {
			q.AreaName, q.Areas = "", choices(lang, [3]string{"dat-dai", "Đất đai", "Land"}, [3]string{"moi-truong", "Môi trường", "Environment"})
		}
		k.Languages[lang] = web.KioskLanguage{Questions: q, OfficeName: k.OfficeName}
	}
	return k
}

func results(lang string) web.Results {
	r := web.Results{
		Base: base("/ket-qua"), PeriodText: words(lang, "6 tháng đầu năm 2026", "First half of 2026"), AsOf: web.DateTime(lang, time.Date(2026, 7, 1, 8, 0, 0, 0, time.UTC)),
		Total: 4413, VerifiedText: web.Percent(lang, 6210), ResponseText: web.Percent(lang, 3104), CompleteText: web.Percent(lang, 5812),
		Method: words(lang, "tỷ lệ gộp, bản 1", "pooled rate, version 1"), SealDate: web.Date(lang, time.Date(2026, 6, 30, 0, 0, 0, 0, time.UTC)), SealRoot: "9f3a71d2…c21b", StatisticsURL: "/api/v1/public/statistics",
		Mix: []web.Share{{Name: words(lang, "Điện thoại", "Phones"), Responses: 3901, Text: web.PercentOf(lang, 3901, 4413)}, {Name: words(lang, "Máy tính bảng tại quầy", "Tablet at the desk"), Responses: 401, Text: web.PercentOf(lang, 401, 4413)}, {Name: words(lang, "Phiếu giấy", "Paper"), Responses: 111, Text: web.PercentOf(lang, 111, 4413)}},
	}
	add := func(vi, en string, n int, rate, low, high, target float64, verdict string, needed int, overall float64, overallVerdict string) {
		p := func(v float64) string { return web.Percent(lang, int(v*100+.5)) }
		row := web.ResultRow{Name: words(lang, vi, en), Responses: n, Rate: rate, Low: low, High: high, Target: target, Verdict: verdict, Needed: needed, Met: rate >= target, TargetText: words(lang, "", "") + strings.Replace(p(target), ",00", "", 1), OverallVerdict: overallVerdict}
		row.TargetText = strings.Replace(row.TargetText, ".00", "", 1)
		if n > 0 {
			row.RateText, row.LowText, row.HighText = p(rate), p(low), p(high)
		}
		if overall > 0 {
			row.OverallText = p(overall)
		}
		r.Areas = append(r.Areas, row)
	}
	add("Đất đai", "Land", 3120, 88.42, 87.13, 89.58, 85, "met", 0, 87.9, "met")
	add("Môi trường", "Environment", 812, 91.17, 88.94, 93.02, 90, "unproven", 1740, 92.4, "met")
	add("Tài nguyên nước", "Water resources", 301, 83.95, 79.21, 87.86, 90, "not_met", 0, 82, "not_met")
	add("Địa chất và khoáng sản", "Geology and minerals", 154, 96.10, 92.04, 98.11, 90, "met", 0, 0, "")
	add("Đo đạc, bản đồ và thông tin địa lý", "Surveying, mapping and geographic information", 26, 92.31, 80.02, 97.08, 90, "too_few", 9, 0, "")
	add("Biển và hải đảo", "Sea and islands", 0, 0, 0, 0, 90, "", 0, 0, "")
	return r
}

func reference(string) any {
	lang := web.ReferenceField{Name: "lang", In: "query", Type: "string", Values: []string{"vi", "en"}, Limits: "default vi", Description: "Language of `name` and **message**."}
	code := web.ReferenceField{Name: "code", In: "path", Type: "string", Required: true, Limits: "1 to 64 characters"}
	tag := web.ReferenceField{Name: "If-None-Match", In: "header", Type: "string", Null: true}
	answers := []web.ReferenceAnswer{
		{Status: "200", MediaType: "application/json", Schema: "Link", Description: "The link.\n\nWhole <b>.", Example: `{"code": "k7qm2xah"}`},
		{Status: "304", Description: "The same."}, {Status: "503", MediaType: "text/plain", Description: "Away."},
	}
	return web.Reference{
		Base: base("/api"), Description: "Rates are `83.87` & so on.\n\nA second paragraph.", Bearer: "Send `Authorization: Bearer TOKEN`.", DocumentURL: "/api/v1/openapi.yaml",
		Groups: []web.ReferenceGroup{{ID: "g-links", Name: "Links", Description: "What codes point to.", Operations: []web.ReferenceOperation{
			{ID: "op-getLink", Method: "GET", Path: "/api/v1/links/{code}", Summary: "One link", Roles: []string{"desk", "office"}, Parameters: []web.ReferenceField{code, lang, tag}, Answers: answers, Curl: "curl 'https://example/api/v1/links/k7qm2xah'"},
			{ID: "op-changeLink", Method: "PATCH", Path: "/api/v1/links/{code}", Summary: "Change a link", Public: true, Roles: []string{"admin"}, BodyType: "application/json",
				Body: web.ReferenceField{Schema: "Link", Description: "At most 64 KB."}, Answers: answers[:1], Curl: "curl -X PATCH"},
		}}},
		Schemas: []web.ReferenceSchema{{Name: "Link", Description: "What a code points to.", Fields: []web.ReferenceField{
			{Name: "code", Type: "string", Required: true}, {Name: "areas", Type: "Link", Schema: "Link", List: true, Null: true},
		}}},
	}
}

// page is one page in one state.
type page struct {
	name, file string
	data       func(lang string) any
}

func pages() []page {
	with := func(change func(lang string, f *web.SurveyForm)) func(string) any {
		return func(lang string) any {
			f := survey(lang)
			change(lang, &f)
			return f
		}
	}
	areas := func(lang string) []web.Choice {
		return choices(lang, [3]string{"dat-dai", "Đất đai", "Land"}, [3]string{"moi-truong", "Môi trường", "Environment"}, [3]string{"khoang-san", "Địa chất và khoáng sản", "Geology and minerals"})
	}
	all := []page{
		{web.PageSurvey, "survey", with(func(string, *web.SurveyForm) {})},
		{web.PageSurvey, "survey-open", with(func(lang string, f *web.SurveyForm) {
			f.AreaName, f.Areas, f.AreaRequired, f.Sample, f.Trial, f.FeedbackURL = "", areas(lang), true, true, true, "/gop-y"
		})},
		{web.PageSurvey, "survey-onetime", with(func(lang string, f *web.SurveyForm) {
			f.OneTime, f.DeskName, f.Title, f.Key, f.StartedAt = true, "", "Đợt 2", "k123456789", "2026-11-24T09:00:00+07:00"
		})},
		{web.PageSurvey, "survey-errors", with(func(lang string, f *web.SurveyForm) {
			f.AreaName, f.Areas, f.AreaRequired = "", areas(lang), true
			f.Errors = []web.FieldError{{Field: "area", Message: words(lang, "Chọn lĩnh vực của thủ tục", "Choose the area of your procedure")},
				{Field: "overall", Message: words(lang, "Chọn một mức ở câu đầu tiên, hoặc trả lời ít nhất một câu bên dưới", "Choose a level in the first question")},
				{Field: "q17", Message: words(lang, "Chọn một trong năm mức ở câu “Nơi làm việc sạch sẽ, văn minh”", "Choose one of the five levels")},
				{Field: "comment", Message: words(lang, "Viết gọn lại ở “Điều cần cải thiện”: tối đa 4.000 ký tự", "Shorten it")},
				{Field: "p_age", Message: words(lang, "Chọn một trong các câu trả lời có sẵn ở câu “Tuổi”", "Choose one of the answers")}}
			f.Values = map[string]string{"q15": "4", "q31": "0", "x_visits": "2", "p_sex": "female", "comment": `<b>Ghế</b> "ít"`}
		})},
		{web.PageSurvey, "survey-busy", with(func(lang string, f *web.SurveyForm) {
			f.Notice = words(lang, "Hệ thống đang bận nên chưa nhận được phiếu. Câu trả lời vẫn còn nguyên; ông/bà chờ một lát rồi bấm “Gửi lại”. Bấm nhiều lần cũng chỉ tính một phiếu.", "The service is busy.")
			f.Values = map[string]string{"overall": "4", "q15": "5", "area": "dat-dai"}
			f.Key = "k123456789"
		})},
		{web.PageThanks, "thanks", func(lang string) any {
			return web.Thanks{Base: base("/k/K7QM2X/cam-on?r=3F9K-22QX"), Code: "K7QM2X", Receipt: "3F9K-22QX", ReceivedAt: web.DateTime(lang, time.Date(2026, 11, 24, 9, 41, 0, 0, time.UTC))}
		}},
		{web.PageThanks, "thanks-trial", func(lang string) any {
			t := web.Thanks{Base: base("/k/K7QM2X/cam-on"), Trial: true}
			t.Sample, t.FeedbackURL = true, "/gop-y"
			return t
		}},
		{web.PageResults, "results", func(lang string) any { return results(lang) }},
		{web.PageResults, "results-edition", func(lang string) any {
			r := results(lang)
			r.Edition, r.Note, r.Reason, r.Hidden = words(lang, "Bản công bố số 2, ngày 05/07/2026", "Edition 2, published 5 July 2026"), words(lang, "Kết quả nửa đầu năm.", "Results of the first half."), words(lang, "Thêm 6 phiếu giấy.", "Six more paper forms."), 2
			r.CSVURL, r.JSONURL, r.Corrected = "/ket-qua.csv?ban=2", "/ket-qua.json?ban=2", web.Link{URL: "/ket-qua?ban=3", Text: words(lang, "Bản công bố số 3", "Edition 3")}
			r.Editions = []web.EditionLink{{URL: "/ket-qua?ban=2", Name: r.Edition, Period: r.PeriodText, Corrects: words(lang, "đính chính bản số 1", "corrects edition 1"), Current: true}, {URL: "/ket-qua?ban=1", Name: words(lang, "Bản công bố số 1", "Edition 1"), Period: r.PeriodText}}
			return r
		}},
		{web.PageResults, "results-low", func(lang string) any {
			r := results(lang)
			r.Provisional, r.Sample = true, true
			r.Areas = r.Areas[1:3]
			r.Areas[1].Rate, r.Areas[1].Low, r.Areas[1].High = 31.4, 22.8, 40.9
			r.Areas[1].RateText, r.Areas[1].LowText, r.Areas[1].HighText = web.Percent(lang, 3140), web.Percent(lang, 2280), web.Percent(lang, 4090)
			return r
		}},
		{web.PageResults, "results-open", func(lang string) any {
			r := results(lang)
			r.Areas, r.Mix, r.SealRoot, r.Method = r.Areas[1:2], nil, "", ""
			return r
		}},
		{web.PageResults, "results-empty", func(lang string) any {
			return web.Results{Base: base("/ket-qua"), PeriodText: words(lang, "Tháng 10/2026", "October 2026"), AsOf: "1/11"}
		}},
		{web.PagePublic, "public", func(lang string) any {
			return web.PublicAnswers{
				Base: base("/gop-y/cong-khai?area=dat-dai"), Area: "dat-dai", Next: "/gop-y/cong-khai?after=1.1", First: "/gop-y/cong-khai",
				Areas: choices(lang, [3]string{"dat-dai", "Đất đai", "Land"}), Months: choices(lang, [3]string{"2026-06", "Tháng 6/2026", "6/2026"}),
				Answers: []web.PublicAnswer{
					{Heading: "Bao giờ có giấy?", Asked: true, Area: words(lang, "Đất đai", "Land"), Text: "Ông […] đã nhận.\n<b>Cảm ơn</b>", By: "1/7", When: "2/7"},
					{Heading: words(lang, "Về Đất đai", "About land"), Text: "Đã cấp.", By: "1/7", When: "2/7", Late: true},
				},
			}
		}},
		{web.PagePublic, "public-wrong", func(lang string) any {
			return web.PublicAnswers{Base: base("/gop-y/cong-khai"), Area: "x", First: "/gop-y/cong-khai", Errors: []web.FieldError{
				{Field: "area", Message: words(lang, "Không có lĩnh vực này", "No such area")}, {Field: "month", Message: words(lang, "Không có tháng này", "No such month")},
				{Field: "after", Message: words(lang, "Đường dẫn đã hỏng", "Damaged")},
			}}
		}},
		{web.PagePublic, "public-none", func(lang string) any { return web.PublicAnswers{Base: base("/gop-y/cong-khai"), Month: "2026-06"} }},
		{web.PageHome, "home", func(lang string) any {
			h := web.Home{Base: base("/")}
			h.FeedbackURL = "/gop-y"
			return h
		}},
		{web.PageFeedback, "feedback", func(lang string) any { return feedback(lang) }},
		{web.PageFeedback, "feedback-errors", func(lang string) any {
			f := feedback(lang)
			f.Values = map[string]string{"kind": "denunciation", "content": "<b>Việc</b>", "about.desk": "quay-3", "anonymous": "on"}
			f.Again = []string{"ảnh.jpg", "đơn.pdf"}
			for _, name := range []string{"content", "subject", "kind", "area", "about.officer", "dossier", "contact.name", "contact.phone", "contact.email", "contact.address", "anonymous", "files", "consent"} {
				f.Errors = append(f.Errors, web.FormError{Field: name, Label: name, Message: words(lang, "Mục này phải có", "This is needed")})
			}
			return f
		}},
		{web.PageFeedback, "feedback-busy", func(lang string) any {
			f := feedback(lang)
			f.Notice = words(lang, "Hệ thống đang bận.", "Busy.")
			return f
		}},
		{web.PageReceipt, "receipt", func(lang string) any {
			return web.FeedbackReceipt{
				Base: base("/gop-y"), Key: "k123456789", Code: "K7MX-2ART-9HC", Secret: "4KXA-9TRE", Kind: "petition",
				Due: words(lang, "Thứ Ba, 21/07/2026", "Tuesday, 21 July 2026"), DueWhat: words(lang, "Trả lời chậm nhất", "Answered by"),
				Facts: []web.Fact{{Name: words(lang, "Loại", "Kind"), Text: words(lang, "Phản ánh, kiến nghị", "Petition")}},
				Next:  []string{words(lang, "Bộ phận Một cửa đọc.", "The desk reads it.")}, Provisional: []string{words(lang, "Tạm tính", "Provisional")},
				Days: []web.ReceiptDay{{Day: "30/06/2026", Why: words(lang, "Ngày nhận, không tính", "Not counted")}, {Day: "01/07/2026", Why: "1", Counted: true}},
			}
		}},
		{web.PageLookup, "lookup", func(string) any { return web.Lookup{Base: base("/tra-cuu")} }},
		{web.PageLookup, "lookup-wrong", func(lang string) any {
			return web.Lookup{
				Base: base("/tra-cuu"), Code: "<b>", Secret: `"`, Wrong: true, Notice: words(lang, "Chờ 10 giây", "Wait 10 seconds"),
				Errors: []web.FieldError{{Field: "code", Message: words(lang, "Gõ mã tra cứu", "Enter the code")}, {Field: "secret", Message: words(lang, "Gõ mã bí mật", "Enter the secret")}},
				Kept:   []web.Choice{{Value: "message", Text: "<b>Lời</b>"}},
			}
		}},
		{web.PageCase, "case", func(lang string) any { return senderCase(lang) }},
		{web.PageCase, "case-asked", func(lang string) any {
			c := senderCase(lang)
			c.Standing, c.Reply.Asked, c.Due.Late, c.Due.Promised = &web.Standing{Heading: "?", When: "8:00", Text: "<i>?</i>", Question: true}, true, true, words(lang, "Sở xin lỗi", "We apologise")
			c.Done = words(lang, "Đã nhận", "Received")
			return c
		}},
		{web.PageCase, "case-answered", func(lang string) any {
			c := senderCase(lang)
			c.Due, c.Reply, c.Standing = nil, nil, &web.Standing{Heading: words(lang, "Trả lời của Sở", "Our answer"), When: "8:00", Text: "Xong\n<b>rồi</b>"}
			c.Rating = &web.SenderRating{Scale: survey(lang).Scale, Solved: choices(lang, [3]string{"yes", "Đã giải quyết xong", "Solved"}, [3]string{"no", "Chưa", "Not solved"}), Reopen: "30/07", Max: 4000}
			c.Values = map[string]string{"rating": "2", "comment": "<b>Chậm</b>", "reopen": "on"}
			for _, name := range []string{"solved", "rating", "comment", "reopen"} {
				c.Errors = append(c.Errors, web.FieldError{Field: name, Message: words(lang, "Mục này phải có", "This is needed")})
			}
			return c
		}},
		{web.PageCase, "case-rated", func(lang string) any {
			c := senderCase(lang)
			c.Due, c.Reply, c.Rating = nil, nil, &web.SenderRating{Rated: true, Scale: survey(lang).Scale, Solved: choices(lang, [3]string{"yes", "Đã giải quyết xong", "Solved"}), Max: 4000}
			c.Notice, c.Unkept = words(lang, "Vụ việc này đã kết thúc.", "The case has ended."), "<b>Lời</b>"
			return c
		}},
		{web.PageCopy, "copy", func(lang string) any {
			return web.CaseCopy{
				Base: base("/lam-viec/vu-viec"), Code: "K7MX-2ART-9HC", Made: "30/06/2026", Subject: "<b>Sổ</b>", Content: "Chậm\n<i>quá</i>", Notes: 2,
				Contact: []web.Fact{{Name: words(lang, "Họ tên", "Name"), Text: "Lê Thị Hoa"}},
				Facts:   []web.Fact{{Name: words(lang, "Loại", "Kind"), Text: words(lang, "Phản ánh", "Petition")}},
				Files:   []string{"tep-1-<b>.pdf"}, Steps: []web.SenderStep{{When: "8:00", Text: words(lang, "Sở trả lời", "Answered"), Message: "<b>Xong</b>"}},
			}
		}},
		{web.PagePrivacy, "privacy", func(lang string) any {
			return web.Privacy{
				Base: base("/quyen-rieng-tu"), Contact: "Văn phòng Sở, 0233 3852 510",
				Kept: []web.Fact{{Name: words(lang, "Phản ánh, kiến nghị", "Petition"), Text: words(lang, "2 năm", "2 years")}},
			}
		}},
	}
	all = append(all, page{web.PageReference, "api", reference})
	all = append(all, page{web.PageKiosk, "kiosk", func(string) any { return kiosk(false) }}, page{web.PageKiosk, "kiosk-open", func(string) any { return kiosk(true) }})
	for _, kind := range []string{"unknown-code", "closed", "not-yet-open", "spent", "not-kiosk", "not-found", "no-entry", "method", "bad-request", "too-large", "forbidden", "too-many", "unavailable", "internal"} {
		all = append(all, page{web.PageNotice, "notice-" + kind, func(lang string) any {
			n := web.Notice{Base: base("/k/k7qm2xah"), Kind: kind}
			switch kind {
			case "closed", "not-yet-open":
				n.When = web.Date(lang, time.Date(2026, 6, 30, 0, 0, 0, 0, time.UTC))
			case "too-many":
				n.When = words(lang, "30 giây", "30 seconds")
			case "internal":
				n.ID, n.FeedbackURL, n.Links = "c0ffee12", "/gop-y", []web.Link{{URL: "/", Text: words(lang, "Trang đầu", "Home")}}
			}
			return n
		}})
	}
	return all
}
