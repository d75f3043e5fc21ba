// A policy pack without the policy SDK: the analyzer's protocol, and one rule.
import type { AnalyzeRequest } from '@pulumi/pulumi/proto/analyzer_pb';
import { Empty, analyzerGrpc, analyzerPb, listen, pluginPb } from '../../testing/engine/sdk';

const { EnforcementLevel, PolicyType } = analyzerPb;
const RULE = 'bucket-has-tags';

const unary =
  <Request, Response>(method: (request: Request) => Response) =>
  (call: { readonly request: Request }, reply: (error: null, response: Response) => void): void =>
    reply(null, method(call.request));

function info() {
  const rule = new analyzerPb.PolicyInfo();
  rule.setName(RULE).setEnforcementlevel(EnforcementLevel.MANDATORY);
  rule.setPolicyType(PolicyType.POLICY_TYPE_RESOURCE);
  const pack = new analyzerPb.AnalyzerInfo();
  pack.setName('tags').setVersion('1.0.0').setSupportsconfig(true);
  pack.addPolicies(rule);
  return pack;
}

function analyze(request: AnalyzeRequest) {
  const response = new analyzerPb.AnalyzeResponse();
  const properties = request.getProperties()?.toJavaScript() ?? {};
  if (request.getType() !== 'aws:s3/bucket:Bucket' || 'tags' in properties) return response;
  const violation = new analyzerPb.AnalyzeDiagnostic();
  violation.setPolicyname(RULE).setPolicypackname('tags').setPolicypackversion('1.0.0');
  violation.setMessage(`${request.getName()} has no tags`).setUrn(request.getUrn());
  violation.setEnforcementlevel(EnforcementLevel.MANDATORY);
  response.addDiagnostics(violation);
  return response;
}

void listen(analyzerGrpc.AnalyzerService, {
  handshake: unary(() => new analyzerPb.AnalyzerHandshakeResponse()),
  getPluginInfo: unary(() => new pluginPb.PluginInfo().setVersion('1.0.0')),
  getAnalyzerInfo: unary(info),
  configure: unary(() => new Empty()),
  configureStack: unary(() => new analyzerPb.AnalyzerStackConfigureResponse()),
  analyze: unary(analyze),
  analyzeStack: unary(() => new analyzerPb.AnalyzeResponse()),
  remediate: unary(() => new analyzerPb.RemediateResponse()),
  cancel: unary(() => new Empty()),
}).then(({ port }) => process.stdout.write(`${port}\n`));
