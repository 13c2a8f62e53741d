pragma Singleton
import QtQuick

// Colours, sizes and fonts: tokens.json for the present contrast, text size and window.
QtObject {
    id: theme

    property var tokens: ({})

    readonly property bool portrait: Station.height > Station.width
    readonly property real unit: {
        if (!Station.open)
            return Math.max(0.56, Math.min(Station.width / 1920, Station.height / 1080) * 0.6);
        return portrait ? Station.width / 1080 : Station.height / 1150;
    }
    readonly property string family: familyOf(Station.language)
    // The font for Urdu leaves room for stacked marks that these texts have none of.
    readonly property real leading: Station.language === "ur" ? 0.77 : 1
    readonly property int pace: motion("page")
    readonly property int slide: motion("slide")
    readonly property int pressing: motion("press")
    readonly property int demonstration: motion("demonstration")
    readonly property int calling: motion("calling")

    readonly property color ground: colour("ground")
    readonly property color surface: colour("surface")
    readonly property color soft: colour("soft")
    readonly property color press: colour("press")
    readonly property color ink: colour("ink")
    readonly property color quiet: colour("quiet")
    readonly property color line: colour("line")
    readonly property color hair: colour("hair")
    readonly property color brand: colour("brand")
    readonly property color brandPress: colour("brandPress")
    readonly property color overBrand: colour("overBrand")
    readonly property color overBand: Station.contrast ? ink : overBrand
    readonly property color overBandQuiet: colour("overBrandQuiet")
    readonly property color bandTop: colour("bandTop")
    readonly property color bandBottom: colour("bandBottom")
    readonly property color callTop: colour("callTop")
    readonly property color callBottom: colour("callBottom")
    readonly property color bandLine: colour("bandLine")
    readonly property color bandSoft: colour("bandSoft")
    readonly property color good: colour("good")
    readonly property color goodSoft: colour("goodSoft")
    readonly property color warn: colour("warn")
    readonly property color warnSoft: colour("warnSoft")
    readonly property color bad: colour("bad")
    readonly property color badSoft: colour("badSoft")
    readonly property color focus: colour("focus")
    readonly property color focusDark: colour("focusDark")
    readonly property color veil: colour("veil")

    // Large letters hardly grow: they are larger than the large text of EN 301 549 already.
    readonly property real growth: Station.scale
    readonly property real calmGrowth: 1 + (Station.scale - 1) * 0.2
    readonly property int number: px("number", calmGrowth)
    readonly property int display: Math.max(px("display", calmGrowth), Math.round(title * 1.08))
    readonly property int title: Math.max(px("title", calmGrowth), Math.round(body * 1.08))
    readonly property int body: px("body", growth)
    readonly property int bodyAside: px("body", 1 + (Station.scale - 1) * 0.5)
    readonly property int buttonWords: low ? Math.min(body, px("body", 1.4)) : body
    readonly property int label: px("label", growth)
    readonly property int note: px("note", growth)
    readonly property int key: px("key", calmGrowth)

    readonly property int xs: space("xs")
    readonly property int s: space("s")
    readonly property int m: space("m")
    readonly property int l: space("l")
    readonly property int xl: space("xl")

    readonly property int cardRadius: radius("card")
    readonly property int buttonRadius: radius("button")
    readonly property int keyRadius: radius("key")

    readonly property int target: {
        const targets = tokens.target ?? {};
        if (!Station.open)
            return targets.desk ?? 44;
        return Math.round(Math.max(64, (targets.public ?? 80) * unit));
    }
    readonly property int button: Math.max(target, Math.round((low ? 88 : (tokens.target ?? {}).button ?? 116) * unit))
    // A pad fills what room there is; with large letters it may be no higher than fingers need.
    readonly property int keyHeight: aside || low || Station.scale > 1.6 ? target : Math.max(target, Math.round(((tokens.target ?? {}).key ?? 108) * unit))
    readonly property int line1: Math.max(1, Math.round(2 * unit))

    // Where the shell's bars lie; pages keep clear of them.
    readonly property bool aside: Station.open && !portrait
    readonly property real asideWidth: Math.round(Station.width * 0.37)
    readonly property int edge: Station.open ? xl : l
    readonly property int barTop: target + 2 * (Station.open ? m : xs)
    readonly property bool largeAids: Station.scale > 1.2
    readonly property int aidHeight: Math.max(target, Math.round((aside ? 110 : low ? (largeAids ? 104 : 88) : largeAids ? 158 : 100) * unit))
    readonly property real asideFoot: 2 * aidHeight + xs + l + m
    readonly property int barBottom: Station.open ? aidHeight + 2 * s + (low ? target + xs : 0) : 0

    // Low mode: whoever sits or is small touches nothing above this line of a tall screen.
    readonly property bool low: Station.low && Station.open && portrait
    readonly property real lowTop: low ? Math.round(Station.height * 0.6) : 0

    function colour(name: string): color {
        const set = (tokens.colour ?? {})[Station.contrast ? "contrast" : "calm"] ?? {};
        return set[name] ?? "#000000";
    }

    function familyOf(language: string): string {
        return (tokens.family ?? {})[language] ?? "Noto Sans CJK HK";
    }

    function px(name: string, by: real): int {
        return Math.round(((tokens.type ?? {})[name] ?? 32) * unit * by);
    }

    function space(name: string): int {
        return Math.round(((tokens.space ?? {})[name] ?? 16) * unit);
    }

    function motion(name: string): int {
        return Station.still ? 0 : (tokens.motion ?? {})[name] ?? 0;
    }

    function radius(name: string): int {
        return Math.round(((tokens.radius ?? {})[name] ?? 16) * unit);
    }
}
