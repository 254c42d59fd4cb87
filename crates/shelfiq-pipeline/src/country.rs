//! Countries as sources write them.

use std::collections::HashMap;
use std::sync::LazyLock;

use shelfiq_core::CountryCode;

/// The country as a code, or `None` if the text names none that is one ISO country (`Unspecified`, `European Community`).
///
/// Understands two-letter codes and English names. Source: ISO 3166-1, short names, and the names shops use instead.
pub(crate) fn country_code(text: &str) -> Option<CountryCode> {
    let text = text.trim();
    if text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        let code = if text.eq_ignore_ascii_case("uk") { "GB" } else { text };
        return CountryCode::new(code).ok();
    }
    let name: String =
        text.chars().filter(|character| character.is_alphabetic()).flat_map(char::to_lowercase).collect();
    CODES.get(name.as_str()).copied()
}

static CODES: LazyLock<HashMap<&'static str, CountryCode>> = LazyLock::new(|| {
    let entry =
        |line: &'static str| line.split_once('=').and_then(|(code, names)| Some((CountryCode::new(code).ok()?, names)));
    let names = NAMES.split_ascii_whitespace().filter_map(entry);
    names.flat_map(|(code, names)| names.split('|').map(move |name| (name, code))).collect()
});

/// Code, then names without blanks and in lower case.
const NAMES: &str = "\
AD=andorra AE=unitedarabemirates|uae AF=afghanistan AG=antiguaandbarbuda AL=albania AM=armenia AO=angola AR=argentina \
AT=austria|österreich AU=australia AZ=azerbaijan BA=bosniaandherzegovina BB=barbados BD=bangladesh BE=belgium|belgique \
BF=burkinafaso BG=bulgaria BH=bahrain BI=burundi BJ=benin BM=bermuda BN=bruneidarussalam|brunei BO=bolivia BR=brazil|brasil \
BS=bahamas|thebahamas BT=bhutan BW=botswana BY=belarus BZ=belize CA=canada CD=democraticrepublicofthecongo \
CF=centralafricanrepublic CG=congo CH=switzerland|schweiz|suisse CI=cotedivoire|côtedivoire|ivorycoast CL=chile CM=cameroon \
CN=china|chinamainland CO=colombia CR=costarica CU=cuba CV=caboverde|capeverde CY=cyprus CZ=czechia|czechrepublic \
DE=germany|deutschland DJ=djibouti DK=denmark|danmark DM=dominica DO=dominicanrepublic DZ=algeria EC=ecuador EE=estonia \
EG=egypt ER=eritrea ES=spain|españa ET=ethiopia FI=finland|suomi FJ=fiji FO=faroeislands FR=france GA=gabon \
GB=unitedkingdom|greatbritain|england|scotland|wales|northernireland GD=grenada GE=georgia GG=guernsey GH=ghana GI=gibraltar \
GL=greenland GM=gambia GN=guinea GQ=equatorialguinea GR=greece GT=guatemala GU=guam GW=guineabissau GY=guyana \
HK=hongkong|hongkongsar HN=honduras HR=croatia|hrvatska HT=haiti HU=hungary ID=indonesia IE=ireland|eire|republicofireland \
IL=israel IM=isleofman IN=india IQ=iraq IR=iran IS=iceland IT=italy|italia JE=jersey JM=jamaica JO=jordan JP=japan KE=kenya \
KG=kyrgyzstan KH=cambodia KM=comoros KN=saintkittsandnevis KP=northkorea KR=southkorea|korea|republicofkorea KW=kuwait \
KY=caymanislands KZ=kazakhstan LA=laos LB=lebanon LC=saintlucia LI=liechtenstein LK=srilanka LR=liberia LS=lesotho \
LT=lithuania LU=luxembourg LV=latvia LY=libya MA=morocco MC=monaco MD=moldova ME=montenegro MG=madagascar \
MK=northmacedonia|macedonia ML=mali MM=myanmar|burma MN=mongolia MO=macao|macau MQ=martinique MR=mauritania MT=malta \
MU=mauritius MV=maldives MW=malawi MX=mexico|méxico MY=malaysia MZ=mozambique NA=namibia NC=newcaledonia NE=niger NG=nigeria \
NI=nicaragua NL=netherlands|thenetherlands|holland|nederland NO=norway|norge NP=nepal NZ=newzealand OM=oman PA=panama PE=peru \
PF=frenchpolynesia PG=papuanewguinea PH=philippines PK=pakistan PL=poland|polska PR=puertorico PS=palestine PT=portugal \
PY=paraguay QA=qatar RE=réunion|reunion RO=romania RS=serbia RU=russia|russianfederation RW=rwanda SA=saudiarabia \
SB=solomonislands SC=seychelles SD=sudan SE=sweden|sverige SG=singapore SI=slovenia SK=slovakia SL=sierraleone SM=sanmarino \
SN=senegal SO=somalia SR=suriname SS=southsudan ST=saotomeandprincipe SV=elsalvador SY=syria|syrianarabrepublic SZ=eswatini \
TD=chad TG=togo TH=thailand TJ=tajikistan TL=timorleste TM=turkmenistan TN=tunisia TO=tonga TR=turkey|türkiye \
TT=trinidadandtobago TW=taiwan TZ=tanzania UA=ukraine UG=uganda \
US=unitedstates|unitedstatesofamerica|usa|theunitedstates UY=uruguay UZ=uzbekistan VA=vaticancity VC=saintvincent \
VE=venezuela VG=britishvirginislands VI=usvirginislands VN=vietnam VU=vanuatu WS=samoa XK=kosovo YE=yemen \
ZA=southafrica|rsa ZM=zambia ZW=zimbabwe";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_codes_become_codes_and_the_rest_does_not() {
        let shown = [
            "United Kingdom",
            "EIRE",
            "USA",
            "uk",
            "de",
            "Côte d'Ivoire",
            "Channel Islands",
            "Unspecified",
            "European Community",
            "",
        ]
        .map(|text| country_code(text).map_or("-".to_owned(), |code| code.to_string()));
        assert_eq!(
            shown,
            ["GB", "IE", "US", "GB", "DE", "CI", "-", "-", "-", ""].map(|code| if code.is_empty() {
                "-"
            } else {
                code
            })
        );
    }
}
