"""Names of people as they stand in class rosters, for the tests of shaping: 220, each once."""

_URDU_FIRST = (
    "محمد عائشہ فاطمہ زینب بلال حمزہ عمر عثمان علی حسن حسین زہرا مریم خدیجہ صفیہ رقیہ سمیہ ثناء اقراء حرا "
    "عبداللہ عبدالرحمٰن یوسف یعقوب موسیٰ عیسیٰ یحییٰ مصطفیٰ مرتضیٰ لیلیٰ ڈاکٹر گلزار ژالہ چاند پروین ٹیپو "
    "نگہت نازیہ شازیہ غزالہ"
)
_URDU_LAST = (
    "احمد خان صدیقی قریشی بخاری نقوی رضوی گیلانی چوہدری بھٹی ڈوگر کھوکھر گجر ملک بلوچ مینگل بگٹی مری "
    "آفریدی یوسفزئی خٹک اچکزئی جمالی سومرو جتوئی لغاری کھوسہ مزاری دریشک ٹوانہ نون وڑائچ چیمہ چٹھہ باجوہ "
    "ساہی گھمن سندھو ورک بٹ"
)
_ARABIC_FIRST = (
    "محمّد أحمد إبراهيم إسماعيل إسحاق يوسف موسى عيسى يحيى زكريّا عبدالله عبدالرحمن عبدالعزيز خالد وليد "
    "طارق هشام مؤمن رؤى لؤي شيماء هالة نورة سارة آمنة آية هبة الزهراء ضياء علاء"
)
_ARABIC_LAST = (
    "الكردي الحسيني العلوي المصري البغدادي الدمشقي التونسي المغربي الجزائري اليمني الأنصاري الهاشمي "
    "القرشي التميمي الطائي الكعبي الزبيدي الشمري العتيبي الدوسري الغامدي القحطاني الحربي المطيري الرشيدي "
    "السبيعي البلوي الجهني الثقفي الأزدي"
)


def _together(first: str, last: str, between: str, count: int) -> list[str]:
    """Each first name with its last name, and some with a second first name."""
    firsts, lasts = first.split(), last.split()
    two = [f"{one} {other}" for one, other in zip(firsts, lasts, strict=True)]
    return two + [f"{firsts[at]} {between}{firsts[-at - 1]} {lasts[-at - 1]}" for at in range(count)]


URDU = _together(_URDU_FIRST, _URDU_LAST, "", 40)
ARABIC = _together(_ARABIC_FIRST, _ARABIC_LAST, "بن ", 20)
LATIN = [
    *("Zoë Čapková", "Jürgen Müller", "Søren Ångström", "Łukasz Wójcik", "Nguyễn Thị Ánh Tuyết", "Đặng Văn Hùng"),
    *("Ọlọ́runfẹ́mi Adéṣọlá", "Çağlar Öztürk", "Şule Iğdır", "İpek Işık", "Gülşah Kılıç", "Ğ Ü Ş İ Ö Ç"),
    *("Þórður Guðmundsson", "Ragnheiður Ævarsdóttir", "Eglė Žukauskaitė", "Ģirts Ķēniņš", "Mārtiņš Šķēle", "Õnne Pärt"),
    *("François Lefèvre", "Noémie Bézier", "Anaïs Œuvrard", "João Conceição", "Inês Brandão", "Iñaki Muñoz"),
    *("Ștefan Țurcanu", "Ioana Brânză", "Győző Szűcs", "Márta Fűrész", "Dvořák Jiří", "Ľudmila Kráľová"),
    *("Đorđe Živković", "Ćiro Šarić", "Siobhán Ní Dhálaigh", "Aoife Ó Briain", "Fflur Ŵyn", "Owain Tŷ Gwyn"),
    *("Keʻalohi Kaʻahumanu", "Mahāmati Śāstrī", "Kṛṣṇa Ācārya", "Ḥusayn al-Ṭabarī", "Ṣalāḥ ad-Dīn", "ʿAbd al-Raḥmān"),
    *("Ẹ̀bùn Ọ̀ṣun", "Nǃxau ǂToma", "Ƙasimu Ɗanladi", "Ŋun Ɓa Ɔkɔ", "Bożena Gżegżółka", "Phạm Thị Hồng Nhung"),
    *("Trần Hữu Phước", "Lê Quỳnh Như", "Vũ Đức Thịnh", "Bùi Xuân Trường", "Hoàng Ngọc Ẩn", "Đỗ Thế Sỹ"),
    *("Zübeyde Hanım", "Máire Ní Bhraonáin", "Ólafur Ragnar", "Ærøskøbing Åse", "Nuuk Qaanaaq ĸ", "Weiß Straßer"),
]
MIXED = [
    *(f"{latin} ({urdu})" for latin, urdu in zip(LATIN[:15], URDU[40:55], strict=True)),
    *(f"{urdu} {latin}" for latin, urdu in zip(("Ali", "Zoë", "Hira Iqbal", "Ömer", "B. K."), URDU[:5], strict=True)),
    *("محمد علی 2", "Ayesha عائشہ 14", "احمد (Ahmed) خان", "Dr. ڈاکٹر ثناء", "۱۲ ربیع 12", "عمر ۲۳", "علی-Ali-علی"),
    *("Hira، حرا", "سیکشن B (صبح)", "Fatima «فاطمہ»"),
]
ALL_NAMES = [*URDU, *ARABIC, *LATIN, *MIXED]
