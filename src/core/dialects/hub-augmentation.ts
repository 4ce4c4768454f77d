// Fields that Anthropic's API has and the official SDK's types lack. Keep them here, with where they were seen.

declare module '@anthropic-ai/sdk/resources/messages/messages' {
  interface MessageCreateParamsBase {
    /** Beta (context-management-2025-06-27): clearing of old thinking and tool results. Claude Code sends it always. */
    context_management?: unknown;
    /** Beta: the auto-mode server's classifier context. Claude Code 2.1.330. */
    safeguards?: unknown;
    /** The older place of `output_config.format`. */
    output_format?: { type: 'json_schema'; schema: Record<string, unknown> } | null;
    /** Sampling parameters: no longer in the SDK's types, still sent by many clients. */
    temperature?: number;
    top_p?: number;
    top_k?: number;
  }
  namespace RawMessageDeltaEvent {
    interface Delta {
      /** The auto-mode server's verdicts. Claude Code 2.1.330. */
      safeguard_results?: unknown;
    }
  }
}

export {};
