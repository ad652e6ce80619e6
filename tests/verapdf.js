// Run by the JavaScript engine inside the jar: validates each file named on the command line against PDF/A-3b
// or, where the first argument is PDFUA_1, PDF/UA-1, and prints one JSON line per file: [path, [failed rule, ...]].
var pdfa = Packages.org.verapdf.pdfa, flavour = pdfa.flavours.PDFAFlavour[arguments[0]];
Packages.org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider.initialise();
function failures(path) {
  var found = [], parser = null;
  try {
    parser = pdfa.Foundries.defaultInstance().createParser(new java.io.FileInputStream(path), flavour);
    var result = pdfa.Foundries.defaultInstance().createValidator(flavour, false).validate(parser);
    for (var each = result.getTestAssertions().iterator(); each.hasNext();) {
      var assertion = each.next(), rule = assertion.getRuleId();
      found.push(rule.getClause() + "-" + rule.getTestNumber() + " " + assertion.getMessage());
    }
    if (!result.isCompliant() && !found.length) found.push("not compliant");
    if (result.getTotalAssertions() < 100) found.push("only " + result.getTotalAssertions() + " checks ran");
  } catch (error) {
    found.push("unreadable: " + error);
  } finally {
    if (parser !== null) parser.close();
  }
  return found;
}
for (var index = 1; index < arguments.length; index++) {
  var path = String(arguments[index]);
  print("RESULT " + JSON.stringify([path, failures(path).map(String)]));
}
