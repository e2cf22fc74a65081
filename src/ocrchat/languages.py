"""Name the languages that can be read: codes, scripts, directions, and what people call them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

RIGHT_TO_LEFT = frozenset({"Arab", "Hebr", "Syrc", "Thaa"})
UNSPACED = frozenset({"Hans", "Hant", "Jpan", "Thai", "Laoo", "Khmr", "Mymr", "Tibt"})
"""Scripts written without spaces between words."""


@dataclass(frozen=True, slots=True)
class Language:
    """One language as the API names it.

    `code` is BCP 47 in its shortest usual form; `script` ISO 15924 (`Hans`, `Hant`, `Jpan` and `Kore`
    for the mixed ones). `aliases` are further names that `resolve` takes, in lower case. `tesseract` is
    the name of Tesseract's model, empty where there is none.
    """

    code: str
    name: str
    endonym: str
    script: str
    tesseract: str = ""
    aliases: tuple[str, ...] = ()

    @property
    def direction(self) -> str:
        """`rtl` or `ltr`."""
        return "rtl" if self.script in RIGHT_TO_LEFT else "ltr"

    @property
    def package(self) -> str:
        """The Debian package that brings Tesseract's model; empty where there is none."""
        return package_of(self.tesseract)


def package_of(model: str) -> str:
    """The Debian package of a Tesseract model: `chi_sim` is in `tesseract-ocr-chi-sim`."""
    name = _SCRIPT_MODELS.get(model) or model.lower().replace("_", "-")
    return f"tesseract-ocr-{name}" if model else ""


_SCRIPT_MODELS = {"Fraktur": "script-frak", "Latin": "script-latn", "Myanmar": "script-mymr"}


def _row(code: str, name: str, endonym: str, script: str, tesseract: str = "", aliases: str = "") -> Language:
    return Language(code, name, endonym, script, tesseract, tuple(aliases.split()))


# Tesseract's own models lose, in CER on two drawn pages each: for Tatar, in Latin letters (.93; kir .000),
# Dzongkha (.056 to .094; bod .003 to .005), Azerbaijani in Cyrillic (.074 to .085; kaz .027 to .037),
# Tigrinya (.048 to .115; amh .013 to .101) and Tongan (.046; PP-OCRv6 .026).
LANGUAGES: tuple[Language, ...] = (
    _row("aa", "Afar", "Qafar", "Latn", "", "aar"),
    _row("af", "Afrikaans", "Afrikaans", "Latn", "afr"),
    _row("ak", "Akan", "Akan", "Latn", "", "aka twi tw"),
    _row("am", "Amharic", "አማርኛ", "Ethi", "amh"),
    _row("ar", "Arabic", "العربية", "Arab", "ara"),
    _row("as", "Assamese", "অসমীয়া", "Beng", "asm"),
    _row("ast", "Asturian", "asturianu", "Latn"),
    _row("ay", "Aymara", "Aymar aru", "Latn", "", "aym"),
    _row("az", "Azerbaijani", "azərbaycanca", "Latn", "aze", "az-latn"),
    _row("az-Cyrl", "Azerbaijani (Cyrillic)", "азәрбајҹанҹа", "Cyrl", "kaz", "aze-cyrl"),
    _row("ban", "Balinese", "Basa Bali", "Latn"),
    _row("be", "Belarusian", "беларуская", "Cyrl", "bel"),
    _row("bem", "Bemba", "Ichibemba", "Latn"),
    _row("bg", "Bulgarian", "български", "Cyrl", "bul"),
    _row("bi", "Bislama", "Bislama", "Latn", "", "bis"),
    _row("bik", "Bikol", "Bikol", "Latn", "", "bcl"),
    _row("bm", "Bambara", "Bamanankan", "Latn", "", "bam"),
    _row("bn", "Bengali", "বাংলা", "Beng", "ben", "bangla"),
    _row("bo", "Tibetan", "བོད་སྐད་", "Tibt", "bod", "tib"),
    _row("br", "Breton", "brezhoneg", "Latn", "bre"),
    _row("bs", "Bosnian", "bosanski", "Latn", "bos", "bs-latn"),
    _row("ca", "Catalan", "català", "Latn", "cat", "valencian"),
    _row("ceb", "Cebuano", "Cebuano", "Latn", "ceb"),
    _row("cha", "Chamorro", "Chamoru", "Latn"),
    _row("chr", "Cherokee", "ᏣᎳᎩ", "Cher", "chr"),
    _row("co", "Corsican", "corsu", "Latn", "cos"),
    _row("crh", "Crimean Tatar", "qırımtatarca", "Latn"),
    _row("cs", "Czech", "čeština", "Latn", "ces", "cze"),
    _row("cy", "Welsh", "Cymraeg", "Latn", "cym", "wel"),
    _row("da", "Danish", "dansk", "Latn", "dan"),
    _row("de", "German", "Deutsch", "Latn", "deu", "ger germany"),
    _row("de-Latf", "German (Fraktur)", "Deutsch (Fraktur)", "Latf", "Fraktur", "frk fraktur latf"),
    _row("dv", "Dhivehi", "ދިވެހި", "Thaa", "div", "maldivian"),
    _row("dz", "Dzongkha", "རྫོང་ཁ", "Tibt", "bod", "dzo"),
    _row("el", "Greek", "Ελληνικά", "Grek", "ell", "gre gr"),
    _row("en", "English", "English", "Latn", "eng"),
    _row("enm", "Middle English", "Middle English", "Latn", "enm"),
    _row("eo", "Esperanto", "Esperanto", "Latn", "epo"),
    _row("es", "Spanish", "español", "Latn", "spa", "castilian"),
    _row("et", "Estonian", "eesti", "Latn", "est"),
    _row("eu", "Basque", "euskara", "Latn", "eus", "baq"),
    _row("fa", "Persian", "فارسی", "Arab", "fas", "per farsi prs dari"),
    _row("fi", "Finnish", "suomi", "Latn", "fin"),
    _row("fil", "Filipino", "Filipino", "Latn", "fil", "tl tgl tagalog"),
    _row("fj", "Fijian", "Na Vosa Vakaviti", "Latn", "", "fij"),
    _row("fo", "Faroese", "føroyskt", "Latn", "fao"),
    _row("fr", "French", "français", "Latn", "fra", "fre french"),
    _row("frm", "Middle French", "françois", "Latn", "frm"),
    _row("fur", "Friulian", "furlan", "Latn"),
    _row("fy", "Western Frisian", "Frysk", "Latn", "fry"),
    _row("ga", "Irish", "Gaeilge", "Latn", "gle"),
    _row("gag", "Gagauz", "gagauz", "Latn"),
    _row("gd", "Scottish Gaelic", "Gàidhlig", "Latn", "gla"),
    _row("gl", "Galician", "galego", "Latn", "glg"),
    _row("grc", "Ancient Greek", "Ἑλληνική", "Grek", "grc"),
    _row("gsw", "Swiss German", "Schwiizertüütsch", "Latn", "", "alemannic"),
    _row("gu", "Gujarati", "ગુજરાતી", "Gujr", "guj"),
    _row("gv", "Manx", "Gaelg", "Latn", "", "glv"),
    _row("ha", "Hausa", "Hausa", "Latn", "", "hau"),
    _row("haw", "Hawaiian", "ʻŌlelo Hawaiʻi", "Latn"),
    _row("he", "Hebrew", "עברית", "Hebr", "heb", "iw"),
    _row("hi", "Hindi", "हिन्दी", "Deva", "hin"),
    _row("hil", "Hiligaynon", "Ilonggo", "Latn"),
    _row("hr", "Croatian", "hrvatski", "Latn", "hrv"),
    _row("hsb", "Upper Sorbian", "hornjoserbšćina", "Latn"),
    _row("ht", "Haitian Creole", "Kreyòl ayisyen", "Latn", "hat"),
    _row("hu", "Hungarian", "magyar", "Latn", "hun"),
    _row("hy", "Armenian", "հայերեն", "Armn", "hye", "arm"),
    _row("ia", "Interlingua", "interlingua", "Latn", "", "ina"),
    _row("id", "Indonesian", "Indonesia", "Latn", "ind", "in bahasa"),
    _row("ilo", "Iloko", "Ilokano", "Latn", "", "ilocano"),
    _row("is", "Icelandic", "íslenska", "Latn", "isl", "ice"),
    _row("it", "Italian", "italiano", "Latn", "ita"),
    _row("iu", "Inuktitut", "ᐃᓄᒃᑎᑐᑦ", "Cans", "iku"),
    _row("ja", "Japanese", "日本語", "Jpan", "jpn", "jp japan"),
    _row("jv", "Javanese", "Jawa", "Latn", "jav", "jw"),
    _row("ka", "Georgian", "ქართული", "Geor", "kat", "geo"),
    _row("kha", "Khasi", "Khasi", "Latn"),
    _row("kk", "Kazakh", "қазақ тілі", "Cyrl", "kaz", "kaz"),
    _row("kl", "Greenlandic", "kalaallisut", "Latn", "", "kal"),
    _row("km", "Khmer", "ខ្មែរ", "Khmr", "khm", "cambodian"),
    _row("kn", "Kannada", "ಕನ್ನಡ", "Knda", "kan"),
    _row("ko", "Korean", "한국어", "Kore", "kor", "kr korea"),
    _row("ku", "Kurdish", "kurdî", "Latn", "kmr", "kur kurmanji ku-latn"),
    _row("ky", "Kyrgyz", "кыргызча", "Cyrl", "kir"),
    _row("la", "Latin", "Latina", "Latn", "lat"),
    _row("lad", "Ladino", "djudeo-espanyol", "Latn"),
    _row("lb", "Luxembourgish", "Lëtzebuergesch", "Latn", "ltz"),
    _row("lg", "Ganda", "Luganda", "Latn", "", "lug"),
    _row("lij", "Ligurian", "ligure", "Latn"),
    _row("ln", "Lingala", "lingála", "Latn", "", "lin"),
    _row("lo", "Lao", "ລາວ", "Laoo", "lao"),
    _row("lt", "Lithuanian", "lietuvių", "Latn", "lit"),
    _row("lus", "Mizo", "Mizo ṭawng", "Latn"),
    _row("lv", "Latvian", "latviešu", "Latn", "lav"),
    _row("mg", "Malagasy", "Malagasy", "Latn", "", "mlg"),
    _row("mi", "Maori", "Māori", "Latn", "mri"),
    _row("min", "Minangkabau", "Baso Minangkabau", "Latn"),
    _row("mk", "Macedonian", "македонски", "Cyrl", "mkd", "mac"),
    _row("ml", "Malayalam", "മലയാളം", "Mlym", "mal"),
    _row("mn", "Mongolian", "монгол", "Cyrl", "mon", "mn-cyrl"),
    _row("mr", "Marathi", "मराठी", "Deva", "mar"),
    _row("ms", "Malay", "Melayu", "Latn", "msa", "may zlm ms-latn"),
    _row("mt", "Maltese", "Malti", "Latn", "mlt"),
    _row("my", "Burmese", "မြန်မာ", "Mymr", "mya", "bur myanmar"),
    _row("nds", "Low German", "Neddersass’sch", "Latn"),
    _row("ne", "Nepali", "नेपाली", "Deva", "nep"),
    _row("nl", "Dutch", "Nederlands", "Latn", "nld", "dut flemish"),
    _row("nn", "Norwegian Nynorsk", "norsk nynorsk", "Latn", "nor", "nno"),
    _row("no", "Norwegian", "norsk", "Latn", "nor", "nor nb nob bokmål"),
    _row("nr", "South Ndebele", "isiNdebele", "Latn", "", "nbl"),
    _row("nso", "Northern Sotho", "Sesotho sa Leboa", "Latn", "", "sepedi"),
    _row("ny", "Nyanja", "Nyanja", "Latn", "", "nya chichewa"),
    _row("oc", "Occitan", "occitan", "Latn", "oci"),
    _row("om", "Oromo", "Oromoo", "Latn", "", "orm gaz"),
    _row("or", "Odia", "ଓଡ଼ିଆ", "Orya", "ori", "oriya"),
    _row("pa", "Punjabi", "ਪੰਜਾਬੀ", "Guru", "pan", "panjabi"),
    _row("pam", "Kapampangan", "Kapampangan", "Latn"),
    _row("pap", "Papiamento", "Papiamentu", "Latn"),
    _row("pl", "Polish", "polski", "Latn", "pol"),
    _row("ps", "Pashto", "پښتو", "Arab", "pus", "pushto"),
    _row("pt", "Portuguese", "português", "Latn", "por", "brazilian"),
    _row("qu", "Quechua", "Runasimi", "Latn", "que", "quz"),
    _row("rm", "Romansh", "rumantsch", "Latn", "", "roh"),
    _row("rn", "Rundi", "Ikirundi", "Latn", "", "run kirundi"),
    _row("ro", "Romanian", "română", "Latn", "ron", "rum mo moldovan"),
    _row("ru", "Russian", "русский", "Cyrl", "rus", "russia"),
    _row("rw", "Kinyarwanda", "Ikinyarwanda", "Latn", "", "kin"),
    _row("sa", "Sanskrit", "संस्कृतम्", "Deva", "san"),
    _row("sc", "Sardinian", "sardu", "Latn", "", "srd"),
    _row("sco", "Scots", "Scots", "Latn"),
    _row("sd", "Sindhi", "سنڌي", "Arab", "snd"),
    _row("se", "Northern Sami", "davvisámegiella", "Latn", "", "sme"),
    _row("sg", "Sango", "Sängö", "Latn", "", "sag"),
    _row("si", "Sinhala", "සිංහල", "Sinh", "sin", "sinhalese"),
    _row("sk", "Slovak", "slovenčina", "Latn", "slk", "slo"),
    _row("sl", "Slovenian", "slovenščina", "Latn", "slv"),
    _row("sm", "Samoan", "Gagana Sāmoa", "Latn", "", "smo"),
    _row("sn", "Shona", "chiShona", "Latn", "", "sna"),
    _row("so", "Somali", "Soomaali", "Latn", "", "som"),
    _row("sq", "Albanian", "shqip", "Latn", "sqi", "alb als"),
    _row("sr", "Serbian", "српски", "Cyrl", "srp", "sr-cyrl"),
    _row("sr-Latn", "Serbian (Latin)", "srpski", "Latn", "srp_latn"),
    _row("ss", "Swati", "siSwati", "Latn", "", "ssw"),
    _row("st", "Southern Sotho", "Sesotho", "Latn", "", "sot"),
    _row("su", "Sundanese", "Basa Sunda", "Latn", "sun"),
    _row("sv", "Swedish", "svenska", "Latn", "swe"),
    _row("sw", "Swahili", "Kiswahili", "Latn", "swa"),
    _row("syr", "Syriac", "ܣܘܪܝܝܐ", "Syrc", "syr"),
    _row("ta", "Tamil", "தமிழ்", "Taml", "tam"),
    _row("te", "Telugu", "తెలుగు", "Telu", "tel"),
    _row("tet", "Tetum", "Tetun", "Latn"),
    _row("tg", "Tajik", "тоҷикӣ", "Cyrl", "tgk"),
    _row("th", "Thai", "ไทย", "Thai", "tha"),
    _row("ti", "Tigrinya", "ትግርኛ", "Ethi", "amh", "tir"),
    _row("tk", "Turkmen", "türkmençe", "Latn", "", "tuk"),
    _row("tn", "Tswana", "Setswana", "Latn", "", "tsn"),
    _row("to", "Tongan", "lea fakatonga", "Latn", "", "ton"),
    _row("tpi", "Tok Pisin", "Tok Pisin", "Latn"),
    _row("tr", "Turkish", "Türkçe", "Latn", "tur"),
    _row("ts", "Tsonga", "Xitsonga", "Latn", "", "tso"),
    _row("tt", "Tatar", "татар", "Cyrl", "kir", "tat"),
    _row("ty", "Tahitian", "Reo Tahiti", "Latn", "", "tah"),
    _row("ug", "Uyghur", "ئۇيغۇرچە", "Arab", "uig", "uyghur ug-arab"),
    _row("uk", "Ukrainian", "українська", "Cyrl", "ukr"),
    _row("ur", "Urdu", "اردو", "Arab", "urd"),
    _row("uz", "Uzbek", "oʻzbek", "Latn", "uzb", "uz-latn"),
    _row("uz-Cyrl", "Uzbek (Cyrillic)", "ўзбекча", "Cyrl", "uzb_cyrl"),
    _row("vec", "Venetian", "veneto", "Latn"),
    _row("vi", "Vietnamese", "Tiếng Việt", "Latn", "vie"),
    _row("wa", "Walloon", "walon", "Latn", "", "wln"),
    _row("war", "Waray", "Winaray", "Latn"),
    _row("wo", "Wolof", "Wolof", "Latn", "", "wol"),
    _row("xh", "Xhosa", "isiXhosa", "Latn", "", "xho"),
    _row("yi", "Yiddish", "ייִדיש", "Hebr", "yid", "ji"),
    _row("yo", "Yoruba", "Èdè Yorùbá", "Latn", "yor"),
    _row("za", "Zhuang", "Vahcuengh", "Latn", "", "zha"),
    _row(
        "zh",
        "Chinese (simplified)",
        "简体中文",
        "Hans",
        "chi_sim",
        "ch chn chi zho cmn china chinese zh-hans 中文",
    ),
    _row(
        "zh-Hant",
        "Chinese (traditional)",
        "繁體中文",
        "Hant",
        "chi_tra",
        "zh-tw zh-hk zh-mo cht chinese-cht yue 繁体中文",
    ),
    _row("zu", "Zulu", "isiZulu", "Latn", "", "zul"),
)

BY_CODE: Mapping[str, Language] = {language.code: language for language in LANGUAGES}
"""Every language by its code."""
